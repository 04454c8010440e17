import type { FindingCode } from "../finding/finding-code.ts";
import type { FindingDraft, Scene } from "../finding/finding-draft.ts";
import { explainAllowOrigin } from "./explain-allow-origin.ts";
import { explainPreflight } from "./explain-preflight.ts";
import { explainRedirect } from "./explain-redirect.ts";
import { explainRequest } from "./explain-request.ts";
import { explainResponse } from "./explain-response.ts";
import type { Explain, Explanation } from "./explanation.ts";

// A code without words does not compile.
const explainers: Readonly<Record<FindingCode, Explain>> = {
  ...explainAllowOrigin,
  ...explainPreflight,
  ...explainRedirect,
  ...explainRequest,
  ...explainResponse,
};

/** Says in words what a finding is, why it is probably so, and what to change. */
export function explain(draft: FindingDraft, scene: Scene): Explanation {
  return explainers[draft.code](draft, scene);
}
