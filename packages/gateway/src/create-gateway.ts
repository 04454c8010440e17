import { randomBytes } from "node:crypto";
import { CacheStores } from "./cache/cache-stores.ts";
import { type DevelopmentAuthority, listenCertificate } from "./certificate/listen-certificate.ts";
import { createFetchDoor } from "./client/fetch-door.ts";
import { createNodeDoor, type NodeDoor, type UpgradeHandler } from "./client/node-door.ts";
import { GatewayConfigurationError } from "./configuration/configuration-issue.ts";
import type { GatewayConfiguration } from "./configuration/gateway-configuration.ts";
import type { GatewayOptions } from "./configuration/gateway-options.ts";
import { parseGatewayOptions } from "./configuration/parse-gateway-options.ts";
import type { Handler } from "./exchange/response-sink.ts";
import { createObservation, type Observation } from "./operation/observation.ts";
import { type ExchangeObserver, withObservation } from "./operation/observe-stage.ts";
import { withObservedUpgrades } from "./operation/observe-upgrades.ts";
import { reportSparsely } from "./operation/report-sparsely.ts";
import type { Destination, DestinationContext } from "./routing/destination.ts";
import { routeRequests } from "./routing/route-requests.ts";
import { Admission } from "./safety/admission.ts";
import type { SafeConnectorOptions } from "./safety/connector.ts";
import { createHostCheck } from "./safety/host-list.ts";

/** What a gateway is given besides its options, by programs and tests. */
export interface GatewayContext {
  /** Are told of every exchange. */
  readonly observers?: readonly ExchangeObserver[];
  /** The metrics of several processes as one; null when this is the only one. */
  readonly renderMetrics?: (() => Promise<string>) | null;
  /**
   * Is told of failures that clients are not told of: those of a cache's store, and why an upstream cannot be connected
   * to; each once a minute. Default: a warning of the process.
   */
  readonly report?: (error: unknown) => void;
  /** The time in milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
  /** Where certificates for development are kept; default `.corsac/certificates` in the user's home. */
  readonly certificateFolder?: string;
  /** How names of upstreams are resolved, and whom their certificates have to satisfy. */
  readonly connection?: Pick<SafeConnectorOptions, "lookup" | "tls">;
}

/** An intermediary between pages and APIs. */
export interface Gateway {
  /** What the options became. */
  readonly configuration: GatewayConfiguration;
  /** Whom browsers have to trust once when the gateway listens with a certificate for development; null otherwise. */
  readonly authority: DevelopmentAuthority | null;
  /**
   * Answers a request without a socket. Problems are responses; it rejects only if the request's signal is aborted.
   */
  fetch(request: Request): Promise<Response>;
  /**
   * Starts to listen and returns where.
   *
   * @throws {ListenError} when the port is taken or the certificate is of no use
   */
  listen(): Promise<URL>;
  /**
   * Puts other options in the place of these for every request from now on; requests under way end as they began. Where
   * the gateway listens, its limits of header fields and times stay as they are.
   *
   * @throws {GatewayConfigurationError} with everything that is wrong; nothing has changed then
   */
  replace(options: GatewayOptions): void;
  /** The same with a configuration that is checked already. */
  configure(configuration: GatewayConfiguration): void;
  /**
   * Takes no more requests, waits for those under way, and lets go of sockets and stores.
   *
   * @param deadline seconds after which requests are cut off; default 10
   */
  close(deadline?: number): Promise<void>;
}

/**
 * Makes a gateway.
 *
 * @example
 * const gateway = createGateway({ upstream: "https://api.weather.example", policy: { origins: ["http://localhost:3000"] } });
 * const url = await gateway.listen();
 *
 * @throws {GatewayConfigurationError} with everything that is wrong with the options
 */
export function createGateway(options: GatewayOptions, context: GatewayContext = {}): Gateway {
  return createConfiguredGateway(configurationOf(options), context);
}

/** Makes a gateway of a configuration that is checked already, as those of files are. */
export function createConfiguredGateway(configuration: GatewayConfiguration, context: GatewayContext = {}): Gateway {
  return new SwappableGateway(configuration, context);
}

function configurationOf(options: GatewayOptions): GatewayConfiguration {
  const parsing = parseGatewayOptions(options);
  if (!parsing.ok) throw new GatewayConfigurationError(parsing.issues);
  return parsing.configuration;
}

/** Between two reports that a store, or an upstream, fails, in milliseconds. */
const reportInterval = 60_000;

/** A gateway whose routes can be swapped while its door, its stores and what watches it stay. */
class SwappableGateway implements Gateway {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly #context: Omit<DestinationContext, "admission" | "limits">;
  readonly #clock: () => number;
  readonly #stores: CacheStores;
  readonly #observation: Observation;
  readonly #handle: Handler;
  readonly #upgrade: UpgradeHandler;
  #configuration: GatewayConfiguration;
  #destination: Destination;
  #door: NodeDoor | null = null;
  readonly #certificateFolder: string | undefined;
  #authority: DevelopmentAuthority | null = null;

  constructor(configuration: GatewayConfiguration, context: GatewayContext) {
    const { clock = Date.now, report = warn, connection = {} } = context;
    this.#clock = clock;
    this.#certificateFolder = context.certificateFolder;
    this.#stores = new CacheStores(clock);
    this.#observation = createObservation(configuration.observe, {
      onError: (file, error) => report(new Error(`${file} cannot be written: ${error.message}`, { cause: error })),
      refuseHost: (request) => createHostCheck(this.#configuration.hosts)(request),
      renderMetrics: context.renderMetrics ?? null,
    });
    const createReport = () => reportSparsely(report, reportInterval, clock);
    this.#context = {
      clock,
      connection,
      pseudonym: `corsac-${randomBytes(6).toString("hex")}`,
      storeOf: (cache) => this.#stores.storeOf(cache),
      onStoreError: createReport(),
      createReport,
    };
    this.#configuration = configuration;
    this.#destination = this.#destinationOf(configuration);
    this.#handle = this.#observation.around(
      withObservation((request, sink) => this.#destination.handle(request, sink), context.observers ?? []),
    );
    this.#upgrade = this.#observation.aroundUpgrades(
      withObservedUpgrades(
        (request, socket, head) => this.#destination.upgrade(request, socket, head),
        context.observers ?? [],
      ),
    );
    this.fetch = createFetchDoor(this.#handle);
  }

  get configuration(): GatewayConfiguration {
    return this.#configuration;
  }

  get authority(): DevelopmentAuthority | null {
    return this.#authority;
  }

  async listen(): Promise<URL> {
    const { listen, limits } = this.#configuration;
    const certificate = await listenCertificate(listen.tls, this.#certificateFolder);
    const door = createNodeDoor(this.#handle, this.#upgrade, {
      port: listen.port,
      address: listen.address,
      tls: certificate,
      headerBytes: limits.headerBytes,
      requestTime: limits.requestTime,
    });
    const url = await door.listen();
    this.#door = door;
    this.#authority = certificate?.authority ?? null;
    return url;
  }

  replace(options: GatewayOptions): void {
    this.configure(configurationOf(options));
  }

  configure(configuration: GatewayConfiguration): void {
    const before = this.#destination;
    this.#destination = this.#destinationOf(configuration);
    this.#configuration = configuration;
    // Resolves when its last request is answered; new ones do not wait for that.
    void before.close();
  }

  async close(deadline = 10): Promise<void> {
    const begun = performance.now();
    await this.#door?.close(deadline);
    // Sockets are gone by now; what `fetch` has begun has the rest of the time.
    await this.#destination.close(Math.max(0, deadline - (performance.now() - begun) / 1000));
    await Promise.all([this.#stores.close(), this.#observation.close()]);
  }

  #destinationOf(configuration: GatewayConfiguration): Destination {
    const { limits } = configuration;
    return routeRequests(configuration, { ...this.#context, limits, admission: new Admission(limits, this.#clock) });
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error), { code: "CORSAC_GATEWAY" });
}
