import type { DevelopmentAuthority, GatewayConfiguration, RouteConfiguration, RouteSettings } from "@corsac/gateway";
import { isLoopbackHost } from "@corsac/protocol";
import type { FormatOptions } from "./format-report.ts";
import { type Paint, painter } from "./paint.ts";
import { printableText } from "./printable.ts";
import { hang, wrap } from "./wrap.ts";

/** What is known of a gateway that listens. */
export interface RunningGateway {
  readonly configuration: GatewayConfiguration;
  readonly url: URL;
  readonly workers: number;
  /** Whom browsers have to trust; null when there is a certificate that they know, or none. */
  readonly authority: DevelopmentAuthority | null;
  /** The configuration file that is watched; null without one. */
  readonly file: string | null;
}

interface Layout {
  readonly width: number;
  readonly paint: Paint;
}

/** Writes what a gateway exposes to whom, for the person who started it. Ends with a newline. */
export function formatGateway(gateway: RunningGateway, { width = 80, color = false }: FormatOptions = {}): string {
  const layout: Layout = { width: Math.max(60, width), paint: painter(color) };
  const { routes, open } = gateway.configuration;
  const sections = [
    headline(gateway, layout),
    ...routes.map((route) => routeLines(route, layout)),
    ...(open === null ? [] : [openLines(open, layout)]),
    operationLines(gateway, layout),
    warningsOf(gateway).flatMap((warning) => formatWarning(warning, layout)),
    [layout.paint("dim", "Ctrl-C stops it.")],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

function headline({ url, configuration, workers }: RunningGateway, { paint, width }: Layout): string[] {
  const { address } = configuration.listen;
  const reach = isLoopback(address)
    ? "this machine only"
    : isEvery(address)
      ? "everybody who reaches this machine"
      : `everybody who reaches ${address}`;
  const processes = workers > 1 ? `, ${workers} workers` : "";
  const word = "● gateway";
  const indent = " ".repeat(word.length + 2);
  return [
    `${paint("good", word)}  ${paint("strong", url.href)}`,
    ...hang(indent, `open to ${reach}${processes}`, width),
    ...hang(indent, `answers to ${sentenceOf(hostNames(configuration), "or")}`, width),
  ];
}

function hostNames({ hosts }: GatewayConfiguration): string[] {
  return hosts.map(({ name, below }) => (below ? `*.${name}` : name));
}

function routeLines(route: RouteConfiguration, layout: Layout): string[] {
  const { path, host, methods, target } = route;
  const hostName = host === null ? "" : `${host.below ? "*." : ""}${host.name}`;
  const only = methods === null ? "" : `${methods.join(", ")} `;
  const to = target.kind === "mock" ? `mock, ${target.status}` : target.url.href;
  const title = `${only}${hostName}${path.text} → ${to}`;
  return [
    layout.paint("strong", printableText(title)),
    ...settingLines(route, layout),
    ...(target.kind === "mock" ? [] : deliveryLines(route, layout)),
  ];
}

function openLines(open: NonNullable<GatewayConfiguration["open"]>, layout: Layout): string[] {
  const allowed = open.allow.map(({ scheme, host, port }) => {
    const isDefault = port === (scheme === "https" ? 443 : 80);
    return `${scheme}://${host.below ? "*." : ""}${host.name}${port === null ? ":*" : isDefault ? "" : `:${port}`}`;
  });
  return [
    ...hang("/<url> → ", sentenceOf(allowed, "and"), layout.width).map((line) => layout.paint("strong", line)),
    ...settingLines(open, layout),
    ...deliveryLines(open, layout),
  ];
}

const labelWidth = 15;

function labelled(label: string, text: string, { paint, width }: Layout): string[] {
  const [first = "", ...rest] = hang(`  ${label.padEnd(labelWidth)}`, printableText(text), width);
  return [paint("dim", first.slice(0, labelWidth + 2)) + first.slice(labelWidth + 2), ...rest];
}

function settingLines({ policy, protection }: RouteSettings, layout: Layout): string[] {
  const guarded = protection === null ? "none against forged requests" : "refuses unsafe requests of other origins";
  if (policy === null) {
    return [
      ...labelled("readable by", "whomever the upstream allows", layout),
      ...(protection === null ? [] : labelled("protection", guarded, layout)),
    ];
  }
  const { origins, credentials, methods, requestHeaders, exposedHeaders } = policy.options;
  const readers =
    typeof origins === "function"
      ? "whomever a function allows"
      : origins === "*" || origins.includes("*")
        ? "pages of every origin"
        : sentenceOf(origins, "and");
  return [
    ...labelled("readable by", `${readers}${credentials === true ? ", with credentials" : ""}`, layout),
    ...labelled("methods", methods === "*" ? "all" : ["GET", "HEAD", "POST", ...(methods ?? [])].join(", "), layout),
    ...(requestHeaders === undefined ? [] : labelled("headers", listed(requestHeaders), layout)),
    ...(exposedHeaders === undefined ? [] : labelled("exposed", listed(exposedHeaders), layout)),
    ...labelled("protection", guarded, layout),
  ];
}

function listed(names: "*" | readonly string[]): string {
  return names === "*" ? "all" : names.join(", ");
}

function deliveryLines({ cache, retries, requestHeaders, privateAddresses }: RouteSettings, layout: Layout): string[] {
  const fields = Object.keys(requestHeaders);
  return [
    ...labelled("cache", cache === null ? "none" : describeCache(cache), layout),
    ...labelled("retries", retries === null ? "none" : "once, of idempotent methods", layout),
    ...(fields.length === 0 ? [] : labelled("sends along", sentenceOf(fields, "and"), layout)),
    ...(privateAddresses ? labelled("private", "the upstream may be at an address that is not public", layout) : []),
  ];
}

function describeCache({ store, maxBytes }: NonNullable<RouteSettings["cache"]>): string {
  switch (store.kind) {
    case "memory":
      return `${describeBytes(maxBytes)} in memory`;
    case "sqlite":
      return `in ${store.file}`;
    case "redis":
      return `in Redis at ${new URL(store.url).host}`;
    case "custom":
      return "in a store of its own";
  }
}

function describeBytes(bytes: number): string {
  const mebibytes = bytes / (1024 * 1024);
  return mebibytes >= 1 ? `${Math.round(mebibytes)} MiB` : `${bytes} bytes`;
}

function operationLines({ configuration, file, authority }: RunningGateway, layout: Layout): string[] {
  const { accessLog, metrics, har } = configuration.observe;
  return [
    ...(authority === null ? [] : labelled("certificate", `let browsers trust ${authority.file}`, layout)),
    ...(file === null ? [] : labelled("configuration", `${file}, read again when it changes`, layout)),
    ...(accessLog === null ? [] : labelled("access log", accessLog === "-" ? "standard output" : accessLog, layout)),
    ...(har === null ? [] : labelled("recording", `${har}, with what pages send and get`, layout)),
    ...(metrics === null ? [] : labelled("metrics", metrics, layout)),
  ];
}

/** What a person should know before leaving a gateway alone. */
export function warningsOf({ configuration, workers, file }: RunningGateway): string[] {
  const { routes, open, listen, observe } = configuration;
  const isPublic = !isLoopback(listen.address);
  const all: readonly RouteSettings[] = open === null ? routes : [...routes, open];
  const warnings: string[] = [];
  if (isPublic) {
    warnings.push("Not only this machine reaches the gateway: whoever does can use the upstream through it.");
    if (listen.tls === null) warnings.push("Others on the way can read and change everything: there is no TLS.");
    if (all.some(({ privateAddresses }) => privateAddresses)) {
      warnings.push("An upstream that is not public is reachable through the gateway now.");
    }
    if (observe.metrics !== null) warnings.push(`${observe.metrics} tells everybody who reaches it what is going on.`);
  }
  for (const { target } of routes) {
    if (target.kind === "upstream" && target.url.protocol === "http:" && !isLoopbackHost(target.url.hostname)) {
      warnings.push(`The way to ${target.url.host} is not encrypted.`);
    }
  }
  const isForAll = ({ policy }: RouteSettings) => policy !== null && [policy.options.origins].flat().includes("*");
  if (all.some((settings) => isForAll(settings) && Object.keys(settings.requestHeaders).length > 0)) {
    warnings.push("Pages of every origin use the upstream with your header fields.");
  } else if (all.some(isForAll)) warnings.push("Pages of every origin may read what comes back.");
  const dangers = all.flatMap(({ policy }) => Object.keys(policy?.options.dangerously ?? {}));
  for (const danger of new Set(dangers)) warnings.push(`The policy allows it dangerously: ${danger}.`);
  if (workers > 1 && all.some(({ cache }) => cache?.store.kind === "memory")) {
    const share =
      file === null ? "--cache <file> or --cache redis://…" : "a store in the configuration: sqlite or redis";
    warnings.push(
      `Each worker has a cache of its own: what one changes, the others answer stale. Share one with ${share}.`,
    );
  }
  if (workers > 1) warnings.push("Limits of requests in flight and of rates hold for each worker.");
  return [...new Set(warnings)];
}

function formatWarning(warning: string, { paint, width }: Layout): string[] {
  return wrap(printableText(warning), width - 2).map((line, i) => `${i === 0 ? paint("warn", "!") : " "} ${line}`);
}

function sentenceOf(items: readonly string[], word: "and" | "or"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}

function isLoopback(address: string): boolean {
  return isLoopbackHost(address.includes(":") ? `[${address}]` : address);
}

function isEvery(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}
