export type { CacheStore, Lease, StoredResponse } from "./cache/cache-store.ts";
export { CacheStoreError, type CacheStoreErrorCode } from "./cache/stores/cache-store-error.ts";
export {
  createRedisCacheStore,
  type RedisCacheClient,
  type RedisCacheStoreOptions,
} from "./cache/stores/redis-store.ts";
export {
  type DevelopmentCertificate,
  type DevelopmentCertificateOptions,
  developmentCertificate,
} from "./certificate/development-certificate.ts";
export type { DevelopmentAuthority } from "./certificate/listen-certificate.ts";
export { trustInstructions } from "./certificate/trust-instructions.ts";
export { ListenError, type ListenErrorCode } from "./client/listen-error.ts";
export {
  formatIssue,
  GatewayConfigurationError,
  type GatewayIssue,
  type GatewayIssueCode,
  gatewayIssueCodes,
} from "./configuration/configuration-issue.ts";
export type {
  CacheConfiguration,
  CacheStoreConfiguration,
  GatewayConfiguration,
  HostPattern,
  LimitConfiguration,
  ListenConfiguration,
  MockTarget,
  ObservationConfiguration,
  OpenConfiguration,
  OriginPattern,
  PathPattern,
  RetryConfiguration,
  RewriteConfiguration,
  RouteConfiguration,
  RouteSettings,
  TimeoutConfiguration,
  TlsConfiguration,
  UpstreamTarget,
} from "./configuration/gateway-configuration.ts";
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
export { type LoadedConfiguration, type LoadOptions, loadConfiguration } from "./configuration/load-configuration.ts";
export { type GatewayOptionsParsing, parseGatewayOptions } from "./configuration/parse-gateway-options.ts";
export {
  type ConfigurationListener,
  type ConfigurationWatch,
  watchConfiguration,
} from "./configuration/watch-configuration.ts";
export { createConfiguredGateway, createGateway, type Gateway, type GatewayContext } from "./create-gateway.ts";
export {
  GatewayError,
  type GatewayErrorCode,
  type GatewayErrorOptions,
  gatewayErrorStatuses,
} from "./exchange/gateway-error.ts";
export type { ExchangeObserver, ExchangeOutcome, ObservedExchange } from "./operation/observe-stage.ts";
export { answerWorkersMetrics, renderWorkersMetrics } from "./operation/worker-metrics.ts";
