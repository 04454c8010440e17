import type { RunnerPlan } from "../../situation/lab-api.ts";
import type { RunnerMessage, Seen } from "../../situation/seen.ts";

/** Milliseconds that the runner document has to answer. */
const patience = 30_000;

/** The part of a plan that can be carried out. */
type Stage = Exclude<RunnerPlan, { kind: "none" }>;

/**
 * Has a document of the asking origin make the request, in this very browser.
 *
 * @param popup a window that was opened by the visitor's own click; browsers block those that are opened later
 * @returns what its script could see; `null` when it did not answer
 */
export async function runInBrowser(plan: Stage, popup: Window | null): Promise<readonly Seen[] | null> {
  if (plan.kind === "frame") return runInFrame(plan);
  if (popup === null) return null;
  const observed = observe(plan, () => popup);
  popup.location.replace(plan.url);
  return Promise.race([observed, whenClosed(popup)]);
}

/** Resolves when the visitor has closed the window before it could answer. */
function whenClosed(popup: Window): Promise<null> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!popup.closed) return;
      clearInterval(timer);
      resolve(null);
    }, 250);
  });
}

async function runInFrame(plan: Stage): Promise<readonly Seen[] | null> {
  const frame = document.createElement("iframe");
  frame.title = "The page that asks";
  frame.hidden = true;
  if (plan.sandbox !== null) frame.setAttribute("sandbox", plan.sandbox);
  const observed = observe(plan, () => frame.contentWindow);
  frame.src = plan.url;
  document.body.append(frame);
  const seen = await observed;
  // A form that it sent leads to a frame inside: that one stays until the answer has come.
  const isForm = plan.command.request.via === "form";
  if (isForm) setTimeout(() => frame.remove(), patience);
  else frame.remove();
  return seen;
}

function observe({ origin, command }: Stage, source: () => Window | null): Promise<readonly Seen[] | null> {
  return new Promise((resolve) => {
    const end = (seen: readonly Seen[] | null) => {
      clearTimeout(timer);
      window.removeEventListener("message", listen);
      resolve(seen);
    };
    const listen = (event: MessageEvent<RunnerMessage | null>) => {
      const runner = source();
      if (runner === null || event.source !== runner || event.origin !== origin) return;
      if (event.data?.type === "corsac-lab/ready") {
        // An opaque origin cannot be addressed; the command holds no secret.
        runner.postMessage(command, origin === "null" ? "*" : origin);
      } else if (event.data?.type === "corsac-lab/observed" && event.data.id === command.id) {
        end(event.data.seen);
      }
    };
    const timer = setTimeout(() => end(null), patience);
    window.addEventListener("message", listen);
  });
}
