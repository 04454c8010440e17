import type { PortNames } from "../verdicts/port-names.ts";
import type { ScenarioPage } from "../verdicts/verdict.ts";

/** Who asks; the servers of the adapters are at `http://127.0.0.1`, each on a port of its own. */
export const pageNames = ["app", "sandboxed", "other", "subdomain", "address6", "sibling", "own"] as const;

/** The name of a page. */
export type PageName = (typeof pageNames)[number];

/** The page of a name. `own` is a page of the adapter's server itself, for which there is a document already. */
export function pageOf(name: PageName, ports: PortNames, serverUrl: string): ScenarioPage {
  const origins: Record<PageName, string> = {
    app: "http://localhost:{P1}",
    sandboxed: "null",
    other: "http://localhost:{P2}",
    subdomain: "http://app.localhost:{P1}",
    address6: "http://[::1]:{P1}",
    // The same site as the servers, since ports are no part of a site.
    sibling: "http://127.0.0.1:{P1}",
    own: serverUrl,
  };
  const origin = ports.fill(origins[name]);
  return name === "sandboxed" ? { origin, embedder: ports.fill(origins.app) } : { origin };
}
