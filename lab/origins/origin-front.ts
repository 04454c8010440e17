import type { IncomingMessage, ServerResponse } from "node:http";
import type { LabOrigins, OriginName } from "../situation/origins.ts";
import { answerText, type Listener } from "./http-origin.ts";
import { isPreflight, loseAnswer, recordExchange, tapLocation } from "./record-exchange.ts";
import { locationWithinRun, parseRunPath } from "./run-path.ts";
import type { RunRegistry, RunSide } from "./run-registry.ts";
import { runnerDocument } from "./runner-document.ts";

/** What an origin does, apart from what all of them do. */
export type OriginApplication = (request: IncomingMessage, response: ServerResponse, side: RunSide | null) => void;

/** What stands before every origin. */
export interface OriginFrontOptions {
  readonly name: OriginName;
  readonly origins: LabOrigins;
  readonly registry: RunRegistry;
  readonly application: OriginApplication;
}

/**
 * Stands before an origin's application: gives out its runner document, and takes requests of runs to what they mean,
 * writing them down.
 */
export function createOriginFront({ name, origins, registry, application }: OriginFrontOptions): Listener {
  const runner = runnerDocument(origins);
  return (request, response) => {
    const target = request.url ?? "/";
    if (target.startsWith("/.lab/runner")) {
      runner(request, response);
      return;
    }
    const run = parseRunPath(target);
    if (run === null) {
      application(request, response, null);
      return;
    }
    const side = registry.side(run.token);
    if (side === null) {
      answerText(response, 410, "This run is over: run it again.");
      return;
    }
    request.url = run.path;
    const isLost = name !== "gateway" && !isPreflight(request) && side.lost < side.run.situation.lostAnswers;
    if (isLost) {
      side.lost += 1;
      loseAnswer(request, response);
    }
    const base = URL.canParse(run.path, origins[name]) ? new URL(run.path, origins[name]) : new URL(origins[name]);
    tapLocation(response, (location) => locationWithinRun(location, base, run.token, origins));
    recordExchange(side, name, request, response, isLost);
    application(request, response, side);
  };
}
