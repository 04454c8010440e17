import type { IncomingMessage, ServerResponse } from "node:http";
import type { LookupFunction } from "node:net";
import { createGateway, type Gateway } from "@corsac/gateway";
import type { LabOrigins } from "../../situation/origins.ts";
import type { UsedGateway } from "../../situation/situation.ts";
import { answerText } from "../http-origin.ts";
import type { OriginApplication } from "../origin-front.ts";
import { readBody } from "../read-body.ts";
import { runPath } from "../run-path.ts";
import type { RunSide } from "../run-registry.ts";

/** In bytes. */
const bodyLimit = 1_048_576;

/**
 * The intermediary: a real `@corsac/gateway` for each side of a run, with the policy, cache and retries of its
 * situation. The path begins with the name of the origin behind it: `/weather/weather?city=Berlin`.
 *
 * @param authority whose certificates it trusts (PEM); `null` for those that Node trusts
 */
export function createGatewayApplication(origins: LabOrigins, authority: string | null): OriginApplication {
  const gateways = new WeakMap<RunSide, Gateway>();
  return (request, response, side) => {
    const used = side?.run.situation.gateway ?? null;
    if (side === null || used === null) {
      answerText(response, 404, "The gateway is set up on the page of the lab.");
      return;
    }
    let gateway = gateways.get(side);
    if (gateway === undefined) {
      gateway = gatewayFor(side, used, origins, authority);
      gateways.set(side, gateway);
      side.run.resources.set(`gateway ${side.name}`, gateway);
    }
    void forward(gateway, request, response, origins.gateway).catch(() => {
      if (!response.headersSent) answerText(response, 502, "The gateway cannot answer this.");
    });
  };
}

function gatewayFor(
  { run, token }: RunSide,
  { policy, cache, retries }: UsedGateway,
  origins: LabOrigins,
  authority: string | null,
): Gateway {
  const { target } = run.situation.request;
  const options = {
    path: `/${target}/*`,
    // What arrives behind the gateway belongs to the same side of the run.
    upstream: origins[target] + runPath(token, "/"),
    retries: retries ? { idempotencyKey: true } : false,
    ...{ policy, cache },
  };
  return createGateway(options, { connection: authority === null ? { lookup } : { lookup, tls: { ca: authority } } });
}

// Browsers know that names below localhost are this machine; not every system's resolver does.
const lookup: LookupFunction = (_, { all }, callback) => {
  if (all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

async function forward(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
): Promise<void> {
  const { method = "GET", url = "/", rawHeaders } = request;
  const headers = rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""]] : [],
  );
  const text = await readBody(request, bodyLimit);
  const body = method === "GET" || method === "HEAD" || text === "" ? {} : { body: text };
  const answer = await gateway.fetch(new Request(origin + url, { method, headers, ...body }));
  const content = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, [...answer.headers].flat()).end(content);
}
