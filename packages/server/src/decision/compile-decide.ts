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

const noVary: readonly string[] = Object.freeze([]);
const varyByOrigin: readonly string[] = Object.freeze(["Origin"]);

/**
 * Compiles a policy to its decision. All that depends on the policy alone is computed here, once; what depends on one
 * of the exact origins is kept from the first request on.
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
  /** Decisions about exact origins, made when they are first asked for. Never more than the policy has origins. */
  const passes = new Map<string, PassDecision>();
  const { exact } = rule;

  function pass(origin: string, verdict: OriginVerdict): Decision {
    counters.pass[verdict] += 1;
    if (verdict !== "allowed") return new PassOutcome(verdict, response.denied, origin, explain);
    const outcome = new PassOutcome("allowed", response.allowed(origin), origin, explain);
    if (exact.has(origin)) {
      Object.freeze(outcome.edits.set);
      Object.freeze(outcome.edits);
      passes.set(origin, Object.freeze(outcome));
    }
    return outcome;
  }

  function refuse(reason: RefuseDecision["reason"], origin: string, refused: string | null): Decision {
    counters.refuse[reason] += 1;
    return new RefuseOutcome(reason, refusalStatus, preflight.refused, origin, refused, explain);
  }

  function answerPreflight(
    origin: string,
    verdict: OriginVerdict,
    method: string,
    requestedHeaders: string | null,
  ): Decision {
    if (verdict !== "allowed") return refuse(verdict, origin, null);
    const edits = preflight.grant(origin, method, requestedHeaders);
    if ("reason" in edits) return refuse(edits.reason, origin, edits.name);
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
    const kept = originValue.length > maxOriginLength ? undefined : passes.get(originValue);
    if (kept !== undefined) {
      counters.pass.allowed += 1;
      return kept;
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
