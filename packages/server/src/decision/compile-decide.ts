import { maxOriginLength } from "../origin-set/origin-pattern.ts";
import type { PolicyOptions } from "../policy/policy-options.ts";
import type { OriginVerdict } from "../resolver/ask-resolver.ts";
import type {
  DecidableRequest,
  Decision,
  HeaderGetter,
  HeaderRecord,
  PassDecision,
  RefuseDecision,
} from "./decision.ts";
import type { MutableDecisionCounters } from "./decision-counters.ts";
import type { OriginRule } from "./origin-rule.ts";
import { type Explain, PassOutcome, PreflightOutcome, RefuseOutcome } from "./outcome.ts";
import { createPreflightEdits } from "./preflight-edits.ts";
import { createResponseEdits } from "./response-edits.ts";

/** Decides about a request; a promise comes back only while a resolver is being asked. */
export type Decide = (request: DecidableRequest) => Decision | Promise<Decision>;

/** Decisions to keep: enough for the origins of most policies; who has more pays a few nanoseconds for the rest. */
const maxKept = 10_000;

const noVary: readonly string[] = Object.freeze([]);
const varyByOrigin: readonly string[] = Object.freeze(["Origin"]);

/**
 * Compiles a policy to its decision. All that depends on the policy alone is computed here, once; what depends on an
 * origin too is kept from the first request on.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function compileDecide(
  options: PolicyOptions,
  rule: OriginRule,
  counters: MutableDecisionCounters,
  explain: Explain,
): Decide {
  const { origins, credentials = false, preflightStatus = 204, refusalStatus = 403 } = options;
  const vary = origins === "*" && !credentials ? noVary : varyByOrigin;
  const response = createResponseEdits(options, vary);
  const preflight = createPreflightEdits(options, vary);
  const noOrigin: PassDecision = Object.freeze(new PassOutcome("no-origin", response.noOrigin, null, explain));
  /** Decisions about origins that are allowed for ever. */
  const kept = new Map<string, PassDecision>();
  const { isFinal } = rule;

  function pass(origin: string, verdict: OriginVerdict): Decision {
    if (verdict === "origin-not-allowed") {
      counters.pass["origin-not-allowed"] += 1;
      return new PassOutcome(verdict, response.denied, origin, explain);
    }
    counters.pass[verdict] += 1;
    if (verdict !== "allowed") return new PassOutcome(verdict, response.denied, origin, explain);
    const edits = response.allowed(origin);
    const outcome = new PassOutcome(verdict, edits, origin, explain);
    if (isFinal && kept.size < maxKept) {
      Object.freeze(edits.set);
      Object.freeze(edits);
      kept.set(origin, Object.freeze(outcome));
    }
    return outcome;
  }

  function refuse(reason: RefuseDecision["reason"], origin: string, asked: string | null): Decision {
    counters.refuse[reason] += 1;
    return new RefuseOutcome(reason, refusalStatus, preflight.refused, origin, asked, explain);
  }

  function answerPreflight(
    origin: string,
    verdict: OriginVerdict,
    method: string,
    requestedHeaders: string | null,
  ): Decision {
    if (verdict !== "allowed") return refuse(verdict, origin, null);
    const edits = preflight.grant(origin, method, requestedHeaders);
    if (edits === "method-not-allowed") return refuse(edits, origin, method);
    if (edits === "headers-not-allowed") return refuse(edits, origin, requestedHeaders);
    counters.preflight.granted += 1;
    return new PreflightOutcome(preflightStatus, edits, origin, explain);
  }

  return (request) => {
    const { headers } = request;
    const origin = isGetter(headers) ? headers.get("origin") : headers.origin;
    if (origin === undefined || origin === null) {
      counters.pass["no-origin"] += 1;
      return noOrigin;
    }
    const originValue = typeof origin === "string" ? origin : origin.join(", ");
    if (request.method === "OPTIONS") {
      const method = isGetter(headers)
        ? headers.get("access-control-request-method")
        : headers["access-control-request-method"];
      if (method !== undefined && method !== null) {
        const methodValue = joinLines(method);
        const names = isGetter(headers)
          ? headers.get("access-control-request-headers")
          : headers["access-control-request-headers"];
        const nameValue = names === undefined || names === null ? null : joinLines(names);
        const verdict = rule.verdict(originValue);
        return typeof verdict === "string"
          ? answerPreflight(originValue, verdict, methodValue, nameValue)
          : verdict.then((late) => answerPreflight(originValue, late, methodValue, nameValue));
      }
    }
    const known = originValue.length > maxOriginLength ? undefined : kept.get(originValue);
    if (known !== undefined) {
      counters.pass.allowed += 1;
      return known;
    }
    const verdict = rule.verdict(originValue);
    return typeof verdict === "string" ? pass(originValue, verdict) : verdict.then((late) => pass(originValue, late));
  };
}

function isGetter(headers: HeaderRecord | HeaderGetter): headers is HeaderGetter {
  // A header of the name "get" is no function.
  return typeof headers.get === "function";
}

/** Lines of one header make one value. */
function joinLines(value: string | readonly string[]): string {
  return typeof value === "string" ? value : value.join(",");
}
