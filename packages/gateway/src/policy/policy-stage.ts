import { isSafeMethod } from "@corsac/protocol";
import type { AsyncPolicy, Decision } from "@corsac/server";
import type {
  AsyncCrossOriginProtection,
  ProtectionVerdict,
  RefusalCode,
  RefusedVerdict,
} from "@corsac/server/cross-origin-protection";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
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
    if (decision instanceof Promise) whenDecided(decision, sink, (decided) => follow(request, sink, decided));
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
    else if (verdict instanceof Promise) whenDecided(verdict, sink, (settled) => admit(request, sink, settled));
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
  const headers: HeaderFields = decision.status === 204 ? {} : { "content-length": "0" };
  replaceCorsFields(headers, decision.edits);
  varyBy(headers, decision.edits.vary);
  sink.start({ status: decision.status, statusText: decision.status === 403 ? "Forbidden" : "No Content", headers });
  sink.end(null);
}

/** What to tell a page of each refusal: what is wrong with the request, in the words of the gateway. */
const refusals: Record<RefusalCode, string> = {
  "cookie-without-origin": "The request has a cookie and does not say which origin makes it.",
  "cross-origin": "Another origin makes this request, and the gateway's policy does not name it.",
  "malformed-origin": "The request's Origin is none that a browser sends.",
  "not-json": "The content of the request has to be JSON.",
  "not-this-application": "Another origin makes this request, and neither `publicOrigins` nor the policy names it.",
  "sec-fetch-site": "Another origin makes this request, the browser says, and the gateway's policy does not name it.",
};

/** Answers a request that cross-origin protection refuses. */
export function refuse(request: GatewayRequest, sink: ResponseSink, { code, vary }: RefusedVerdict): void {
  varyingSink(sink, request, vary).fail(new GatewayError("cross-origin-refused", refusals[code]));
}

/** Goes on once something is decided. Nobody but the sink would hear of what fails then, and the process would end. */
export function whenDecided<T>(decision: Promise<T>, sink: ResponseSink, next: (decided: T) => void): void {
  decision.then(next).catch((error: Error) => sink.fail(error));
}
