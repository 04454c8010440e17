import type { Duplex } from "node:stream";
import { LRUCache } from "lru-cache";
import type { GatewayConfiguration, OpenConfiguration } from "../configuration/gateway-configuration.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { ResponseSink } from "../exchange/response-sink.ts";
import { SocketSink } from "../forward/socket-sink.ts";
import { createHostCheck } from "../safety/host-list.ts";
import { parseOpenTarget } from "../safety/open-target.ts";
import { createDestination, type Destination, type DestinationContext } from "./destination.ts";
import { normalizeTarget } from "./normalize-target.ts";
import { createRouteTable } from "./route-table.ts";

/** Where a request goes, as the destination knows it. */
interface Way {
  readonly destination: Destination;
  readonly request: GatewayRequest;
}

/** The upstreams of open mode that are kept connected at the same time. */
const maxOpenDestinations = 64;

/** Makes the destination that is the whole of a configuration: each request goes the way of its route. */
export function routeRequests(configuration: GatewayConfiguration, context: DestinationContext): Destination {
  const routes = configuration.routes.map((route) => ({
    ...route,
    destination: createDestination(route, route.target, context),
  }));
  const routeOf = createRouteTable(routes);
  const refuseHost = createHostCheck(configuration.hosts);
  const open = configuration.open === null ? null : new OpenDestinations(configuration.open, context);

  function wayOf(request: GatewayRequest): Way | GatewayError | { readonly allow: readonly string[] } {
    const refusal = refuseHost(request);
    if (refusal !== null) return refusal;
    const target = normalizeTarget(request.target);
    if (target === null) return new GatewayError("request-invalid", "The request's target has to be a path.");
    const routed = target === request.target ? request : { ...request, target };
    const routing = routeOf(routed);
    if (routing.route !== null) {
      if (routed.notes !== undefined) routed.notes.route = routing.route.path.text;
      return { destination: routing.route.destination, request: routed };
    }
    if (routing.allow.length > 0) return routing;
    // What a URL in the path says about its dot segments is for its own parser.
    return open?.wayOf(request) ?? new GatewayError("route-not-found", "The gateway has no route for this path.");
  }

  return {
    handle(request, sink) {
      const way = wayOf(request);
      if (way instanceof GatewayError) sink.fail(way);
      else if ("allow" in way) answerNotAllowed(sink, way.allow);
      else way.destination.handle(way.request, sink);
    },
    upgrade(request, socket, head) {
      const way = wayOf(request);
      if (way instanceof GatewayError) refuseUpgrade(socket, way);
      else if ("allow" in way) answerNotAllowed(new SocketSink(socket), way.allow);
      else way.destination.upgrade(way.request, socket, head);
    },
    async close() {
      await Promise.all([...routes.map(({ destination }) => destination.close()), open?.close()]);
    },
  };
}

/** The destinations of open mode: one for each origin, made when it is first asked for. */
class OpenDestinations {
  readonly #settings: OpenConfiguration;
  readonly #context: DestinationContext;
  readonly #byOrigin: LRUCache<string, Destination>;

  constructor(settings: OpenConfiguration, context: DestinationContext) {
    this.#settings = settings;
    this.#context = context;
    this.#byOrigin = new LRUCache({
      max: maxOpenDestinations,
      // Resolves when its requests are answered; nobody waits for that.
      dispose: (destination) => void destination.close(),
    });
  }

  wayOf(request: GatewayRequest): Way | GatewayError {
    const url = parseOpenTarget(request.target, this.#settings.allow);
    if (url instanceof GatewayError) return url;
    if (request.notes !== undefined) request.notes.route = "open";
    const { origin, pathname, search } = url;
    let destination = this.#byOrigin.get(origin);
    if (destination === undefined) {
      const target = { kind: "upstream", url: new URL(origin), prefix: `/${origin}` } as const;
      destination = createDestination(this.#settings, target, this.#context);
      this.#byOrigin.set(origin, destination);
    }
    return { destination, request: { ...request, target: `/${origin}${pathname}${search}` } };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byOrigin.values()].map((destination) => destination.close()));
  }
}

/** @see https://httpwg.org/specs/rfc9110.html#status.405 */
function answerNotAllowed(sink: ResponseSink, allow: readonly string[]): void {
  const headers = { allow: allow.join(", "), "content-length": "0" };
  sink.start({ status: 405, statusText: "Method Not Allowed", headers });
  sink.end(null);
}

function refuseUpgrade(socket: Duplex, error: GatewayError): void {
  new SocketSink(socket).fail(error);
}
