import type { AsyncPolicy } from "@corsac/server";
import { LRUCache } from "lru-cache";
import type { GatewayConfiguration, OpenConfiguration } from "../configuration/gateway-configuration.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { ResponseSink } from "../exchange/response-sink.ts";
import { SocketSink } from "../forward/socket-sink.ts";
import { withPolicy } from "../policy/policy-stage.ts";
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

/** Why a request goes nowhere. */
interface Refusal {
  readonly error: GatewayError;
  /** That of the place it asked for, so that a page can read what is wrong; null when there is no such place. */
  readonly policy: AsyncPolicy | null;
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

  function wayOf(request: GatewayRequest): Way | Refusal {
    const refusal = refuseHost(request);
    if (refusal !== null) return { error: refusal, policy: null };
    const target = normalizeTarget(request.target);
    if (target === null) return { error: noPath(), policy: null };
    const routed = target === request.target ? request : { ...request, target };
    const routing = routeOf(routed);
    if (routing.route !== null) {
      if (routed.notes !== undefined) routed.notes.route = routing.route.path.text;
      return { destination: routing.route.destination, request: routed };
    }
    const [other] = routing.others;
    if (other !== undefined) return { error: methodNotAllowed(routing.allow), policy: other.policy };
    // What a URL in the path says about its dot segments is for its own parser.
    return open?.wayOf(request) ?? { error: noRoute(), policy: configuration.policy };
  }

  return {
    handle(request, sink) {
      const way = wayOf(request);
      if ("destination" in way) way.destination.handle(way.request, sink);
      else refuse(request, sink, way);
    },
    upgrade(request, socket, head) {
      const way = wayOf(request);
      if ("destination" in way) way.destination.upgrade(way.request, socket, head);
      else new SocketSink(socket).fail(way.error);
    },
    async close(deadline) {
      await Promise.all([...routes.map(({ destination }) => destination.close(deadline)), open?.close(deadline)]);
    },
  };
}

/** The destinations of open mode: one for each origin, made when it is first asked for. */
class OpenDestinations {
  readonly #settings: OpenConfiguration;
  readonly #context: DestinationContext;
  readonly #byOrigin: LRUCache<string, Destination>;
  /** One for all: clients may name upstreams without end that do not exist. */
  readonly #report: (error: unknown) => void;

  constructor(settings: OpenConfiguration, context: DestinationContext) {
    this.#settings = settings;
    this.#context = context;
    this.#report = context.createReport();
    this.#byOrigin = new LRUCache({
      max: maxOpenDestinations,
      // Resolves when its requests are answered; nobody waits for that.
      dispose: (destination) => void destination.close(),
    });
  }

  wayOf(request: GatewayRequest): Way | Refusal {
    const url = parseOpenTarget(request.target, this.#settings.allow);
    if (url instanceof GatewayError) return { error: url, policy: this.#settings.policy };
    if (request.notes !== undefined) request.notes.route = "open";
    const { origin, pathname, search } = url;
    let destination = this.#byOrigin.get(origin);
    if (destination === undefined) {
      const target = { kind: "upstream", url: new URL(origin), prefix: `/${origin}` } as const;
      destination = createDestination(this.#settings, target, this.#context, this.#report);
      this.#byOrigin.set(origin, destination);
    }
    return { destination, request: { ...request, target: `/${origin}${pathname}${search}` } };
  }

  async close(deadline?: number): Promise<void> {
    await Promise.all([...this.#byOrigin.values()].map((destination) => destination.close(deadline)));
  }
}

function refuse(request: GatewayRequest, sink: ResponseSink, { error, policy }: Refusal): void {
  // Whoever asks for nothing that there is changes nothing: there is nothing to protect.
  const rules = { policy, protection: null, forwardOrigin: true };
  withPolicy((_request, edited) => edited.fail(error), rules)(request, sink);
}

function noPath(): GatewayError {
  return new GatewayError("request-invalid", "The request's target has to be a path.");
}

function noRoute(): GatewayError {
  return new GatewayError("route-not-found", "The gateway has no route for this path.");
}

/** @see https://httpwg.org/specs/rfc9110.html#status.405 */
function methodNotAllowed(allow: readonly string[]): GatewayError {
  return new GatewayError("method-not-allowed", "The gateway has no route for this method here.", { allow });
}
