import type { LookupFunction } from "node:net";
import { buildConnector, Client } from "undici";
import type { ConnectOptions } from "./connect-options.ts";
import { loopbackLookup } from "./loopback-lookup.ts";

/** Milliseconds, what Firefox takes; undici's default of ten seconds is less than browsers wait. */
const connectTimeout = 90_000;

/** Makes the function that opens sockets: TCP, TLS or a tunnel through the proxy, as the options say. */
export function createConnector(options: ConnectOptions): buildConnector.connector {
  const connect = buildConnector({
    lookup: loopbackLookup(options.lookup) as LookupFunction,
    timeout: options.timeout ?? connectTimeout,
    allowH2: options.http2 ?? false,
    rejectUnauthorized: options.rejectUnauthorized ?? true,
    ...(options.ca === undefined ? {} : { ca: options.ca as string | Buffer | Array<string | Buffer> }),
  } as buildConnector.BuildOptions);
  if (options.proxy !== undefined) return tunnel(new URL(options.proxy), connect);
  const addresses = options.resolve ?? {};
  return (target, callback) => {
    const address = addresses[`${target.hostname}:${portOf(target)}`];
    return connect(address === undefined ? target : { ...target, hostname: address }, callback);
  };
}

/** The header that carries the name and password of the proxy's URL. */
export function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** TLS goes through a tunnel of the proxy; plain requests go to the proxy itself, with the whole URL in them. */
function tunnel(proxy: URL, connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) => {
    if (target.protocol !== "https:") return connect(target, callback);
    const authority = `${target.hostname.includes(":") ? `[${target.hostname}]` : target.hostname}:${portOf(target)}`;
    const client = new Client(proxy.origin, { connect });
    return client
      .connect({ path: authority, headers: { host: authority, ...proxyAuthorization(proxy) } })
      .then(({ socket, statusCode }) => {
        if (statusCode >= 200 && statusCode < 300) {
          connect({ ...target, httpSocket: socket as never }, callback);
          return;
        }
        socket.on("error", () => {}).destroy();
        callback(new Error(`the proxy ${proxy.host} answered ${statusCode} to CONNECT ${authority}`), null);
      })
      .catch((error: Error) => callback(error, null));
  };
}

function portOf(target: buildConnector.Options): string {
  return target.port || (target.protocol === "https:" ? "443" : "80");
}
