export type { CacheStore, Lease, StoredResponse } from "./cache/cache-store.ts";
export type {
  CacheOptions,
  GatewayOptions,
  LimitOptions,
  ListenOptions,
  MockOptions,
  ObservationOptions,
  OpenOptions,
  RetryOptions,
  RewriteOptions,
  RouteOptions,
  TimeoutOptions,
} from "./configuration/gateway-options.ts";
export { createConfiguredGateway, createGateway, type Gateway, type GatewayContext } from "./create-gateway.ts";
export { GatewayError, type GatewayErrorCode } from "./exchange/gateway-error.ts";
