import type { LabOrigins } from "../../situation/origins.ts";
import type { Situation } from "../../situation/situation.ts";
import type { SituationIssue } from "../../situation/situation-issue.ts";

/**
 * What is wrong with the redirects of the bench: they lead to origins of the lab alone, and not to its page. Whoever
 * follows somebody's link sends nothing to another server by it, with the origin of a page of `localhost` at that.
 */
export function redirectIssues({ request, server }: Situation, origins: LabOrigins): readonly SituationIssue[] {
  if (server.kind === "itself") return [];
  const { lab, ...others } = origins;
  return server.answer.headers.flatMap(([name, location], index) => {
    if (!/^location$/i.test(name) || !URL.canParse(location, origins.bench + request.path)) return [];
    const { origin, protocol } = new URL(location, origins.bench + request.path);
    if (!/^https?:$/.test(protocol) || Object.values(others).includes(origin)) return [];
    const message = `A redirect leads to the lab’s own origins: to ${origins.weather}, for example, but not to ${origin}.`;
    return [{ path: ["server", "answer", "headers", index, 1], message, suggestion: null }];
  });
}
