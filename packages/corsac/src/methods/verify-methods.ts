import type { ApiResource } from "./api-description.ts";
import { findUrl } from "./find-url.ts";
import { loadTarget, type Target } from "./load-target.ts";
import type { VerifyMethodsOptions } from "./methods-options.ts";
import type { MethodsFinding, MethodsReport, StopReason } from "./methods-report.ts";
import { checkUnsafeHost, type MethodsPlan, planMethods } from "./plan-methods.ts";
import { pathOf, Session } from "./session.ts";
import { verifySafeMethods } from "./verify-safe-methods.ts";
import { type Readable, sendWatched, Watch } from "./verify-safety.ts";
import { verifyWrites } from "./verify-writes.ts";
import { Stopped, Wire } from "./wire.ts";
import { remove } from "./write.ts";

const mostNearby = 4;
const mostElsewhere = 2;

/**
 * Verifies that a live API keeps what HTTP methods promise: that safe methods change nothing, that PUT and DELETE may be
 * repeated, that HEAD, OPTIONS, Allow and conditional requests tell the truth. Sends safe methods only, unless unsafe
 * ones are allowed; those go to resources that the run creates, and removes at the end.
 *
 * @throws {VerifyMethodsOptionsError} when the options make no sense; never because of what a server answers
 * @see https://httpwg.org/specs/rfc9110.html#method.properties
 */
export async function verifyMethods(options: VerifyMethodsOptions): Promise<MethodsReport> {
  const plan = planMethods(options);
  const wire = new Wire(plan);
  try {
    const target = await loadOrStop(plan, wire);
    if (target instanceof Stopped) return emptyReport(plan, wire, { stopped: target.reason });
    if ("failure" in target) return emptyReport(plan, wire, { ...target, verdict: "unreachable" });
    checkUnsafeHost(plan, new URL(target.server));
    return await run(plan, wire, target);
  } finally {
    await wire.close();
  }
}

async function loadOrStop(plan: MethodsPlan, wire: Wire): Promise<Awaited<ReturnType<typeof loadTarget>> | Stopped> {
  try {
    return await loadTarget(plan, wire);
  } catch (error) {
    if (error instanceof Stopped) return error;
    throw error;
  }
}

async function run(plan: MethodsPlan, wire: Wire, { server, description }: Target): Promise<MethodsReport> {
  // Collections before their members: what is above has been read when what is below is asked.
  const resources = [...description.resources].sort((a, b) => depth(a) - depth(b));
  const session = new Session(wire, server, resources);
  const first = await firstAnswer(session, plan, resources);
  if (first !== null) return emptyReport(plan, wire, { server, failure: first, verdict: "unreachable" });
  const steps = resources.length * (plan.allowUnsafe ? 3 : 2);
  let done = 0;
  wire.announce = ({ method, url }) =>
    plan.onProgress?.({ requests: wire.requests, done, steps, current: `${method} ${pathOf(url)}` });
  const step = async (action: () => Promise<void>) => {
    await action();
    done++;
  };
  const stopped = await untilStopped(async () => {
    const readables: Readable[] = [];
    for (const resource of resources) await step(() => verifyResource(session, resource, readables));
    for (const readable of readables) await step(() => verifyEffectsAbove(session, readable, readables));
    if (!plan.allowUnsafe) return;
    for (const resource of resources) {
      await step(() => verifyWrites(session, resource, nearby(resource, readables.filter(isCollection))));
    }
  });
  const leftBehind = await cleanUp(session);
  const findings = session.findings.sort((a, b) => rank(a) - rank(b));
  const hasFault = findings.some(({ severity }) => severity !== "note");
  return {
    ...emptyReport(plan, wire, { server, stopped, verdict: hasFault ? "findings" : "clean" }),
    ...{ resources: session.verified(), findings, unverified: session.unverified, leftBehind },
  };
}

function depth({ path }: ApiResource): number {
  return path.replace(/\/$/, "").split("/").length;
}

/** Asks for the first resource, to tell an API that is not there from one that fails. */
async function firstAnswer(
  session: Session,
  plan: MethodsPlan,
  [first]: readonly ApiResource[],
): Promise<MethodsReport["failure"]> {
  // A document that came from the API itself has shown that it is there.
  if (plan.target instanceof URL && plan.target.origin === new URL(session.server).origin) return null;
  const path = first?.path.replace(/\{[^}]*\}/g, "corsac") ?? "/";
  try {
    return (await session.send({ method: "OPTIONS", url: session.server + path })).failure;
  } catch (error) {
    if (error instanceof Stopped) return null;
    throw error;
  }
}

async function untilStopped(action: () => Promise<void>): Promise<StopReason | null> {
  try {
    await action();
    return null;
  } catch (error) {
    if (error instanceof Stopped) return error.reason;
    throw error;
  }
}

async function verifyResource(session: Session, resource: ApiResource, readables: Readable[]): Promise<void> {
  const url = await findUrl(session, resource);
  if (url === null) {
    const why =
      "No URL of it is known: give its parameters examples in the document, or list one in the collection above.";
    return session.leaveOut(resource, ["GET", "HEAD", "OPTIONS"], why);
  }
  const isReadable = await verifySafeMethods(session, { resource, url }, nearby(resource, readables));
  if (isReadable) readables.push({ resource, url });
}

/** Sees whether a safe request changes what comes later in the document: at the first pass that was not read yet. */
async function verifyEffectsAbove(session: Session, readable: Readable, readables: readonly Readable[]): Promise<void> {
  const { resource, url } = readable;
  const later = nearby(resource, readables.slice(readables.indexOf(readable) + 1));
  if (later.length === 0 || session.has("safe-method-changes-state", resource)) return;
  const watch = new Watch(session, later);
  await watch.learn();
  for (const method of ["GET", "HEAD", "OPTIONS"]) await sendWatched(session, resource, { method, url }, watch);
}

/** Those that share the beginning of the path, and a few that stand for the whole API, such as /stats. */
function nearby(resource: ApiResource, readables: readonly Readable[]): Readable[] {
  const others = readables.filter((each) => each.resource !== resource);
  const shared = (each: Readable) => commonSegments(each.resource.path, resource.path);
  const near = others.filter((each) => shared(each) > 0).sort((a, b) => shared(b) - shared(a));
  const elsewhere = others.filter((each) => shared(each) === 0 && depth(each.resource) === 2);
  return [...near.slice(0, mostNearby), ...elsewhere.slice(0, mostElsewhere)];
}

function isCollection({ resource }: Readable): boolean {
  return !resource.path.endsWith("}");
}

function commonSegments(one: string, other: string): number {
  const [a, b] = [one.split("/").slice(1), other.split("/").slice(1)];
  const end = a.findIndex((segment, index) => segment !== b[index]);
  return end < 0 ? a.length : end;
}

async function cleanUp(session: Session): Promise<string[]> {
  const left: string[] = [];
  for (const [url, resource] of session.created) {
    if (!(await remove(session, url, resource))) left.push(url);
  }
  return left;
}

const severities = ["error", "warning", "note"] as const;

function rank({ severity }: MethodsFinding): number {
  return severities.indexOf(severity);
}

function emptyReport(plan: MethodsPlan, wire: Wire, known: Partial<MethodsReport>): MethodsReport {
  const { target, server, allowUnsafe } = plan;
  const address = server ?? target;
  return {
    schema: "corsac.methods/1",
    verdict: "clean",
    stopped: null,
    server: address instanceof URL ? address.origin : address,
    unsafe: allowUnsafe,
    requests: wire.requests,
    ...{ resources: [], findings: [], unverified: [], leftBehind: [], failure: null },
    ...known,
  };
}
