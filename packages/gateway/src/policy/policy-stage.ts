import { isSafeMethod } from "@corsac/protocol";
import type { AsyncPolicy, Decision } from "@corsac/server";
import type { AsyncCrossOriginProtection, ProtectionVerdict } from "@corsac/server/cross-origin-protection";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { Handler, ResponseSink } from "../exchange/response-sink.ts";
import { EditedSink, replaceCorsFields, varyBy } from "./edited-sink.ts";

/** What a route says about other origins. */
export interface CrossOriginRules {
  /** Null leaves CORS to the upstream. */
  readonly policy: AsyncPolicy | null;
  /** Null refuses no request. */
  readonly protection: AsyncCrossOriginProtection | null;
  /** Whether the upstream is told the origin even where the gateway has judged it. */
  readonly forwardOrigin: boolean;
}

/**
 * Applies a policy to a handler: answers CORS-preflight requests, refuses forged requests, and replaces the CORS headers
 * of every response, the gateway's own errors included.
 *
 * What the gateway has judged, the upstream is not asked again: `Origin` is taken out of safe requests, whose responses
 * then do not depend on it, and out of unsafe ones that cross-origin protection let through. Unsafe requests that nobody
 * judged keep it for the upstream's own protection.
 */
export function withPolicy(handler: Handler, { policy, protection, forwardOrigin }: CrossOriginRules): Handler {
  if (policy === null && protection === null) return handler;

  function judge(request: GatewayRequest, sink: ResponseSink): void {
    const decision = policy?.decide(request) ?? null;
    if (decision instanceof Promise) void decision.then((decided) => follow(request, sink, decided));
    else follow(request, sink, decision);
  }

  function follow(request: GatewayRequest, sink: ResponseSink, decision: Decision | null): void {
    if (request.notes !== undefined && decision !== null) request.notes.decision = decision.reason;
    if (decision === null) protect(request, sink);
    else if (decision.kind === "pass") protect(request, new EditedSink(sink, decision.edits, request));
    else answerPreflight(sink, decision);
  }

  function protect(request: GatewayRequest, sink: ResponseSink): void {
    const verdict = protection?.check({
      method: request.method,
      headers: request.headers,
      url: request.target,
      isTls: request.scheme === "https",
    });
    if (verdict === undefined) pass(request, sink);
    else if (verdict instanceof Promise) void verdict.then((settled) => admit(request, sink, settled));
    else admit(request, sink, verdict);
  }

  function admit(request: GatewayRequest, sink: ResponseSink, verdict: ProtectionVerdict): void {
    if (!verdict.ok) {
      refuse(request, sink, verdict);
      return;
    }
    const varying = verdict.vary.length === 0 ? sink : varyingSink(sink, request, verdict.vary);
    if (!forwardOrigin && !isSafeMethod(request.method)) dropProvenance(request);
    pass(request, varying);
  }

  function pass(request: GatewayRequest, sink: ResponseSink): void {
    if (policy !== null && !forwardOrigin && isSafeMethod(request.method)) delete request.headers.origin;
    handler(request, sink);
  }

  return judge;
}

/** Takes out what the upstream's protection would judge by, since it cannot know whom the gateway trusts. */
function dropProvenance({ headers }: GatewayRequest): void {
  delete headers.origin;
  delete headers["sec-fetch-site"];
}

function varyingSink(sink: ResponseSink, request: GatewayRequest, vary: readonly string[]): ResponseSink {
  const edited = sink instanceof EditedSink ? sink : new EditedSink(sink, null, request);
  edited.alsoVary(vary);
  return edited;
}

function answerPreflight(sink: ResponseSink, decision: Extract<Decision, { kind: "preflight" | "refuse" }>): void {
  const headers = {};
  replaceCorsFields(headers, decision.edits);
  varyBy(headers, decision.edits.vary);
  sink.start({ status: decision.status, statusText: decision.status === 403 ? "Forbidden" : "No Content", headers });
  sink.end(null);
}

/** Answers a request that cross-origin protection refuses. */
export function refuse(
  request: GatewayRequest,
  sink: ResponseSink,
  { status, headers: given, body, vary }: Extract<ProtectionVerdict, { ok: false }>,
): void {
  const headers: Record<string, string> = { "content-length": String(Buffer.byteLength(body)) };
  for (const [name, value] of given) headers[name] = value;
  if (request.notes !== undefined) request.notes.error = "cross-origin-refused";
  varyingSink(sink, request, vary).start({ status, statusText: "Forbidden", headers });
  if (request.method !== "HEAD") sink.write(Buffer.from(body));
  sink.end(null);
}
