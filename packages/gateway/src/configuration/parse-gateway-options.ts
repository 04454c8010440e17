import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { isLocalName } from "../safety/local-name.ts";
import type { GatewayIssue } from "./configuration-issue.ts";
import type {
  GatewayConfiguration,
  HostPattern,
  LimitConfiguration,
  ListenConfiguration,
  ObservationConfiguration,
  OpenConfiguration,
  PathPattern,
  RouteConfiguration,
  TlsConfiguration,
} from "./gateway-configuration.ts";
import type {
  GatewayOptions,
  LimitOptions,
  ListenOptions,
  ObservationOptions,
  OpenOptions,
  RouteOptions,
} from "./gateway-options.ts";
import { describeValue, type Names, OptionsReader } from "./options-reader.ts";
import { type ParseContext, programContext } from "./parse-context.ts";
import { readAllowedOrigins, readHost, readMethods, readPath } from "./read-patterns.ts";
import { completeSettings, readSettings, type WrittenSettings } from "./read-settings.ts";
import { readTarget, upstreamTarget, type WrittenTarget } from "./read-target.ts";

/** What {@link parseGatewayOptions} returns. */
export type GatewayOptionsParsing =
  | { readonly ok: true; readonly configuration: GatewayConfiguration }
  | { readonly ok: false; readonly issues: readonly GatewayIssue[] };

const routeNames: Names<RouteOptions> = {
  path: true,
  host: true,
  methods: true,
  upstream: true,
  mock: true,
  policy: true,
  protection: true,
  cache: true,
  retries: true,
  rewrite: true,
  timeouts: true,
  privateAddresses: true,
  forwardOrigin: true,
  requestHeaders: true,
};
const gatewayNames: Names<GatewayOptions> = {
  ...routeNames,
  $schema: true,
  routes: true,
  open: true,
  hosts: true,
  limits: true,
  listen: true,
  observe: true,
};
const openNames: Names<OpenOptions> = { allow: true };
const limitNames: Names<LimitOptions> = {
  headerBytes: true,
  bodyBytes: true,
  requestTime: true,
  inFlight: true,
  rate: true,
};
const rateNames: Names<NonNullable<LimitOptions["rate"]>> = { requests: true, window: true };
const listenNames: Names<ListenOptions> = { port: true, address: true, tls: true };
const observationNames: Names<ObservationOptions> = { accessLog: true, metrics: true, har: true };

/** Checks the options of a gateway completely and finds every issue, not only the first. Throws nothing. */
export function parseGatewayOptions(options: unknown, context: ParseContext = programContext): GatewayOptionsParsing {
  const issues: GatewayIssue[] = [];
  const reader = new OptionsReader(issues, options, [], gatewayNames);
  if (issues.some(({ code }) => code === "options-not-an-object")) return { ok: false, issues };
  reader.text("$schema");
  const root = readRoute(reader, context);
  const routes = reader.has("routes") ? readRoutes(reader, root, context) : [completeRoute(reader, root, null)];
  const open = readOpen(reader, root);
  const listen = readListen(reader, context);
  const configuration: GatewayConfiguration = {
    routes: routes.filter((route) => route !== null),
    open,
    policy: root.settings.policy ?? null,
    hosts: readHosts(reader, listen.address),
    limits: readLimits(reader),
    listen,
    observe: readObservation(reader, context),
  };
  if (issues.length === 0) reportDuplicates(reader, configuration.routes);
  return issues.length === 0 ? { ok: true, configuration } : { ok: false, issues };
}

/** A route as far as it is written. */
interface WrittenRoute {
  readonly path: PathPattern | undefined;
  readonly host: HostPattern | undefined;
  readonly methods: readonly string[] | undefined;
  readonly target: WrittenTarget | undefined;
  /** Whether there is something about a target, right or wrong. */
  readonly hasTarget: boolean;
  readonly settings: WrittenSettings;
}

const everyPath: PathPattern = { text: "/*", base: "", below: true };

function readRoute(reader: OptionsReader, context: ParseContext): WrittenRoute {
  const host = reader.text("host");
  return {
    path: readPath(reader),
    host: host === undefined ? undefined : (readHost(reader, host, ["host"]) ?? undefined),
    methods: readMethods(reader),
    target: readTarget(reader),
    hasTarget: reader.has("upstream") || reader.has("mock"),
    settings: readSettings(reader, context),
  };
}

function readRoutes(reader: OptionsReader, root: WrittenRoute, context: ParseContext): (RouteConfiguration | null)[] {
  const value = reader.value("routes");
  if (!Array.isArray(value) || value.length === 0) {
    reader.report("option-wrong-type", ["routes"], value, `has to be a list of routes, not ${describeValue(value)}`);
    return [];
  }
  return (value as readonly unknown[]).map((options, i) => {
    const route = reader.within(["routes", i], options, routeNames);
    return completeRoute(route, readRoute(route, context), root);
  });
}

/** A route with what the options around it say; null when there is no target. */
function completeRoute(
  reader: OptionsReader,
  written: WrittenRoute,
  around: WrittenRoute | null,
): RouteConfiguration | null {
  const path = written.path ?? around?.path ?? everyPath;
  const target = written.target ?? (written.hasTarget ? undefined : around?.target);
  if (target === undefined) {
    const isReported = written.hasTarget || around?.hasTarget === true;
    if (!isReported && !reader.has("open")) {
      reader.report(
        "upstream-missing",
        [],
        undefined,
        "has to have an upstream, such as http://localhost:3000, or a mock",
      );
    }
    return null;
  }
  // What is written for the path around a route goes on to replace the beginning of that path, not of the route's.
  const owner = written.target !== undefined ? path : commonPath(path, around?.path ?? everyPath);
  const isPrivate = target.kind === "upstream" && isLocalName(target.url.hostname);
  return {
    path,
    host: written.host ?? around?.host ?? null,
    methods: written.methods ?? around?.methods ?? null,
    target: target.kind === "mock" ? target : upstreamTarget(target.url, owner),
    ...completeSettings({ ...around?.settings, ...written.settings }, isPrivate),
  };
}

/** The path around a route, unless the route is outside it. */
function commonPath(path: PathPattern, around: PathPattern): PathPattern {
  return `${path.base}/`.startsWith(`${around.base}/`) ? around : everyPath;
}

function readOpen(reader: OptionsReader, root: WrittenRoute): OpenConfiguration | null {
  const open = reader.object("open", openNames);
  if (open === null) return null;
  // Fields such as a key are for the upstream that they are written beside, not for every origin of a list.
  const { requestHeaders: _, ...settings } = root.settings;
  return { allow: readAllowedOrigins(open) ?? [], ...completeSettings(settings, false) };
}

/** Two routes of which the second never gets a request. */
function reportDuplicates(reader: OptionsReader, routes: readonly RouteConfiguration[]): void {
  const seen = new Map<string, number>();
  routes.forEach(({ path, host, methods }, i) => {
    for (const method of methods ?? ["*"]) {
      const key = JSON.stringify([path.text, host?.name, host?.below, method]);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, i);
      else {
        const message = `is for the same requests as routes[${first}], which gets them all`;
        reader.report("route-duplicate", ["routes", i], undefined, message);
        return;
      }
    }
  });
}

function readHosts(reader: OptionsReader, address: string): readonly HostPattern[] {
  const texts = reader.texts("hosts", "host names");
  if (texts === undefined) return defaultHosts(address);
  return texts.flatMap(([text, i]) => readHost(reader, text, ["hosts", i]) ?? []);
}

/** Addresses cannot be made to mean something else, as names can by whoever owns them. */
function defaultHosts(address: string): readonly HostPattern[] {
  const isEvery = address === "0.0.0.0" || address === "::";
  const interfaces = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((entry) => entry.address));
  const addresses = ["127.0.0.1", "::1", ...(isEvery ? interfaces : [address])];
  const names = addresses.map((text) =>
    isIP(text) === 6 ? new URL(`http://[${text.replace(/%.*/, "")}]`).hostname : text,
  );
  return [
    { name: "localhost", below: false },
    { name: "localhost", below: true },
    ...[...new Set(names)].map((name) => ({ name, below: false })),
  ];
}

const sizes = { least: 1, most: Number.MAX_SAFE_INTEGER, noun: "a whole number of bytes", whole: true } as const;
const times = { least: 0.001, most: 86_400, noun: "a number of seconds", whole: false } as const;
const counts = { least: 1, most: 1_000_000, noun: "a whole number", whole: true } as const;

function readLimits(reader: OptionsReader): LimitConfiguration {
  const limits = reader.object("limits", limitNames);
  const rate = limits?.object("rate", rateNames) ?? null;
  for (const name of ["requests", "window"]) {
    if (rate?.has(name) === false) rate.report("option-missing", [name], undefined, "has to be there");
  }
  const requests = rate?.number("requests", counts);
  const window = rate?.number("window", times);
  return {
    headerBytes: limits?.number("headerBytes", sizes) ?? 16 * 1024,
    bodyBytes: limits?.number("bodyBytes", { ...sizes, least: 0 }) ?? 10 * 1024 * 1024,
    requestTime: limits?.number("requestTime", times) ?? 300,
    inFlight: limits?.number("inFlight", counts) ?? 1000,
    rate: requests === undefined || window === undefined ? null : { requests, window },
  };
}

function readListen(reader: OptionsReader, context: ParseContext): ListenConfiguration {
  const listen = reader.object("listen", listenNames);
  return {
    port: listen?.number("port", { least: 0, most: 65_535, noun: "a port", whole: true }) ?? 8080,
    address: (listen === null ? undefined : readAddress(listen)) ?? "127.0.0.1",
    tls: listen === null ? null : readTls(listen, context),
  };
}

const meantAddresses: ReadonlyMap<string, string> = new Map([
  ["*", "0.0.0.0"],
  ["localhost", "127.0.0.1"],
  ["[::1]", "::1"],
  ["[::]", "::"],
]);

function readAddress(listen: OptionsReader): string | undefined {
  const address = listen.text("address", "an IP address");
  if (address === undefined || isIP(address) !== 0) return address;
  const meant = meantAddresses.get(address.toLowerCase()) ?? null;
  listen.report("address-invalid", ["address"], address, "has to be an IP address of this machine", meant);
  return undefined;
}

function readTls(listen: OptionsReader, { resolveFile }: ParseContext): TlsConfiguration | null {
  const value = listen.value("tls");
  if (value === undefined || value === false) return null;
  if (value === true) return { kind: "development" };
  const tls = listen.within(["tls"], value, { key: true, certificate: true });
  const key = tls.text("key", "a file");
  const certificate = tls.text("certificate", "a file");
  for (const name of ["key", "certificate"]) {
    if (!tls.has(name)) tls.report("option-missing", [name], undefined, "has to name a file in PEM");
  }
  if (key === undefined || certificate === undefined) return null;
  return { kind: "files", key: resolveFile(key), certificate: resolveFile(certificate) };
}

function readObservation(reader: OptionsReader, { resolveFile }: ParseContext): ObservationConfiguration {
  const observe = reader.object("observe", observationNames);
  const accessLog = observe?.text("accessLog", "a file, or - for standard output");
  const har = observe?.text("har", "a file");
  const metrics = observe?.text("metrics", "a path such as /-/metrics");
  if (metrics !== undefined && !/^\/[\w.~!$&'()+,;=:@%/-]+$/.test(metrics)) {
    observe?.report("path-invalid", ["metrics"], metrics, "has to be a path such as /-/metrics");
  }
  return {
    accessLog: accessLog === undefined || accessLog === "-" ? (accessLog ?? null) : resolveFile(accessLog),
    metrics: metrics ?? null,
    har: har === undefined ? null : resolveFile(har),
  };
}
