import type { Draft } from "./draft.ts";

/**
 * A change of the bench, with what follows from it: nobody should have to correct three fields because of one. The
 * texts of fields that do not apply now stay where they are.
 */
export function settleDraft(draft: Draft, change: Partial<Draft>): Draft {
  const next = { ...draft, ...change };
  return {
    ...next,
    ...afterTarget(next, draft),
    ...afterVia(next, draft),
    ...afterPage(next, draft),
    ...afterGateway(next),
  };
}

function afterTarget(next: Draft, { target }: Draft): Partial<Draft> {
  if (next.target === target) return {};
  const isBench = next.target === "bench";
  return {
    ...(isBench && next.via === "script" ? { via: "fetch", mode: "cors" } : {}),
    serverKind: isBench ? (next.serverKind === "itself" ? "policy" : next.serverKind) : "itself",
    path: firstPaths[next.target],
    ...(next.target === "social" ? { place: "window", hasGateway: false } : {}),
    ...(next.target === "weather" ? { loggedIn: false } : {}),
  };
}

/** A path that each target knows. */
const firstPaths: Readonly<Record<Draft["target"], string>> = {
  bench: "/books/Dune",
  books: "/books",
  social: "/api/posts",
  weather: "/weather?city=Berlin",
};

const jsonpPath = "/weather.js?city=Berlin&callback=receive";

function afterVia(next: Draft, { via }: Draft): Partial<Draft> {
  if (next.via === via) return {};
  switch (next.via) {
    case "fetch":
      return { mode: "cors" };
    case "form":
      return {
        ...(/^(?:GET|POST)$/.test(next.method) ? {} : { method: "POST" }),
        ...(next.fields === "" ? { fields: "text=Hello" } : {}),
        times: "1",
      };
    case "script":
      return {
        // The bench answers no scripts.
        ...(next.target === "bench" ? { target: "weather", serverKind: "itself", loggedIn: false } : {}),
        ...(next.target === "bench" || next.target === "weather" ? { path: jsonpPath } : {}),
        ...elementFields(next),
      };
    case "image":
      return elementFields(next);
  }
}

function elementFields(next: Draft): Partial<Draft> {
  return { method: "GET", times: "1", ...(next.mode === "same-origin" ? { mode: "no-cors" } : {}) };
}

function afterPage(next: Draft, { pageKind }: Draft): Partial<Draft> {
  return next.pageKind === "sandboxed" && pageKind !== "sandboxed" ? { place: "frame" } : {};
}

function afterGateway({ hasGateway }: Draft): Partial<Draft> {
  return hasGateway ? {} : { lostAnswers: "0" };
}
