import { createHash } from "node:crypto";
import { type CacheStageOptions, withCache } from "../cache/cache-stage.ts";
import type { UpgradeHandler } from "../client/node-door.ts";
import type {
  LimitConfiguration,
  MockTarget,
  RouteSettings,
  UpstreamTarget,
} from "../configuration/gateway-configuration.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { Handler } from "../exchange/response-sink.ts";
import { createForwarder, type ForwarderOptions } from "../forward/forwarder.ts";
import { SocketSink } from "../forward/socket-sink.ts";
import { withPolicy } from "../policy/policy-stage.ts";
import { withUpgradePolicy } from "../policy/upgrade-policy.ts";
import { withRewriting } from "../rewrite/rewrite-stage.ts";
import type { Admission } from "../safety/admission.ts";
import { createSafeConnector, type SafeConnectorOptions } from "../safety/connector.ts";
import { withLimits, withUpgradeLimits } from "../safety/limits-stage.ts";
import { createMockHandler } from "./mock-handler.ts";
import { unreachableUpstream } from "./unreachable-upstream.ts";

/** What all destinations of a gateway have in common. */
export interface DestinationContext {
  /** The gateway's name in `Via`. */
  readonly pseudonym: string;
  readonly clock: () => number;
  readonly storeOf: (cache: NonNullable<RouteSettings["cache"]>) => CacheStageOptions["store"];
  readonly onStoreError: (error: unknown) => void;
  /** Makes what is told of failures of one upstream, or of all of an open gateway, and passes few of them on. */
  readonly createReport: () => (error: unknown) => void;
  readonly limits: LimitConfiguration;
  /** Counts the requests of all destinations together. */
  readonly admission: Admission;
  /** How names of upstreams are resolved, and whom their certificates have to satisfy. */
  readonly connection: Pick<SafeConnectorOptions, "lookup" | "tls">;
}

/** Where the requests of a route end up, with everything that happens to them on the way. */
export interface Destination {
  readonly handle: Handler;
  readonly upgrade: UpgradeHandler;
  /** Resolves when the requests under way are answered, or cut off after so many seconds. */
  close(deadline?: number): Promise<void>;
}

/**
 * Makes the destination of a route: its stages around the upstream or the mock.
 *
 * @param report is told why the upstream cannot be connected to
 */
export function createDestination(
  settings: RouteSettings,
  target: UpstreamTarget | MockTarget,
  context: DestinationContext,
  report: (error: unknown) => void = context.createReport(),
): Destination {
  const { limits, admission } = context;
  const { handle, upgrade, close } =
    target.kind === "mock" ? mocked(target) : forwarded(settings, target, context, report);
  // The policy is around the limits, so that pages can read what they are refused for.
  return {
    handle: withPolicy(withLimits(handle, limits, admission), settings),
    upgrade: withUpgradePolicy(withUpgradeLimits(upgrade, admission), settings),
    close,
  };
}

function mocked(target: MockTarget): Destination {
  return {
    handle: createMockHandler(target),
    upgrade: (_request, socket) =>
      new SocketSink(socket).fail(new GatewayError("upgrade-refused", "A mock answers requests only.")),
    close: () => Promise.resolve(),
  };
}

function forwarded(
  settings: RouteSettings,
  { url, prefix }: UpstreamTarget,
  context: DestinationContext,
  report: (error: unknown) => void,
): Destination {
  const { cache, timeouts, privateAddresses, forwardOrigin, policy } = settings;
  const { lookup, tls } = context.connection;
  const options: ForwarderOptions = {
    ...{ upstream: url, prefix, timeouts },
    retries: settings.retries,
    requestHeaders: settings.requestHeaders,
    pseudonym: context.pseudonym,
    clock: context.clock,
    onUnreachable: (error) => report(unreachableUpstream(url, error)),
    connect: createSafeConnector({
      allowPrivate: privateAddresses,
      connectTimeout: timeouts.connect * 1000,
      ...(lookup === undefined ? {} : { lookup }),
      ...(tls === undefined ? {} : { tls }),
    }),
  };
  const forwarder = createForwarder(options);
  let handle = forwarder.handle;
  if (cache !== null) {
    handle = withCache(handle, {
      store: context.storeOf(cache),
      clock: context.clock,
      scope: `${url.href} ${prefix} ${fingerprint(settings.requestHeaders)}`,
      upstream: url,
      prefix,
      maxEntryBytes: cache.maxEntryBytes,
      maxWait: cache.maxWait,
      // An upstream that does CORS itself answers by the origin.
      forwardOrigin: forwardOrigin || policy === null,
      ownsCors: policy !== null,
      onStoreError: context.onStoreError,
    });
  }
  return {
    handle: withRewriting(handle, { upstream: url, prefix, ...settings.rewrite }),
    upgrade: forwarder.upgrade,
    close: (deadline) => forwarder.close(deadline),
  };
}

/** Tells routes apart that reach the same upstream as different clients of it, without telling their keys. */
function fingerprint(requestHeaders: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(requestHeaders)).digest("base64url");
}
