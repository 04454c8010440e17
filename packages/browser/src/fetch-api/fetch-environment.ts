import type { Origin, Profile } from "@corsac/protocol";

/**
 * What the Fetch API classes ask of the page that they belong to. The values are read at every use, so that a page may
 * change them.
 *
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object
 */
export interface FetchEnvironment {
  /** API base URL: what relative URLs are resolved against. */
  readonly baseUrl: URL;
  readonly origin: Origin;
  readonly profile: Profile;
}
