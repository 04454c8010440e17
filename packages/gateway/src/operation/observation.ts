import type { UpgradeHandler } from "../client/node-door.ts";
import type { ObservationConfiguration } from "../configuration/gateway-configuration.ts";
import type { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { Handler } from "../exchange/response-sink.ts";
import { openAccessLog } from "./access-log.ts";
import { GatewayMetrics, withMetrics } from "./gateway-metrics.ts";
import { recordHar } from "./har-file.ts";
import { type ExchangeObserver, withObservation } from "./observe-stage.ts";
import { withObservedUpgrades } from "./observe-upgrades.ts";
import { shareMetrics } from "./worker-metrics.ts";

/** Everything that watches a gateway. It outlives a change of routes; a log is not opened anew for that. */
export interface Observation {
  /** Makes the handler whose exchanges are watched. Without anything to watch it is the given one. */
  around(handler: Handler): Handler;
  /** The same for upgrades, such as to WebSocket. */
  aroundUpgrades(upgrade: UpgradeHandler): UpgradeHandler;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** What an observation depends on. */
export interface ObservationContext {
  /** Is told, once for each, that a log or a recording cannot be written. The gateway goes on without it. */
  readonly onError: (file: string, error: Error) => void;
  /** Tells why a request may not see metrics by the host that it names; null when it may. */
  readonly refuseHost: (request: GatewayRequest) => GatewayError | null;
  /** The metrics of several processes as one; null when this is the only one. */
  readonly renderMetrics?: (() => Promise<string>) | null;
}

/** Opens what a configuration says. */
export function createObservation(
  { accessLog, metrics, har }: ObservationConfiguration,
  { onError, refuseHost, renderMetrics = null }: ObservationContext,
): Observation {
  const files = [
    ...(accessLog === null ? [] : [openAccessLog(accessLog, (error) => onError(accessLog, error))]),
    ...(har === null ? [] : [recordHar(har, (error) => onError(har, error))]),
  ];
  const counters = metrics === null ? null : new GatewayMetrics();
  if (counters !== null && renderMetrics !== null) shareMetrics(counters.registry);
  const observers: ExchangeObserver[] = counters === null ? files : [counters, ...files];
  return {
    around(handler) {
      if (metrics === null || counters === null) return withObservation(handler, observers);
      const render = renderMetrics ?? (() => counters.registry.metrics());
      return withObservation(withMetrics(handler, metrics, render, refuseHost), observers);
    },
    aroundUpgrades: (upgrade) => withObservedUpgrades(upgrade, observers),
    async close() {
      await Promise.all(files.map((file) => file.close()));
    },
  };
}
