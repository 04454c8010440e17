import type { StoredCookies } from "../../situation/situation.ts";

/**
 * The name of the session cookie, at the social network and at the bench. Cookies of `localhost` are those of every port:
 * no application that the visitor works on should have one of this name.
 */
export const sessionCookieName = "lab_session";

/** The visitor's session: there is one user, and everybody is she. */
export const session = "alice-4f1d";

/** Reports whether a text is a choice that there is. */
export function isSameSite(value: unknown): value is StoredCookies["sameSite"] {
  return value === "Lax" || value === "None" || value === "Strict" || value === "unset";
}

/** The `Set-Cookie` line that logs the visitor in. `SameSite=None` comes with `Secure`, as browsers ask. */
function loginCookie(sameSite: StoredCookies["sameSite"]): string {
  const attribute = sameSite === "unset" ? "" : `; SameSite=${sameSite}`;
  return `${sessionCookieName}=${session}; Path=/; HttpOnly${attribute}${sameSite === "None" ? "; Secure" : ""}`;
}

/**
 * The lines that bring a browser from whatever it has to what a situation says. Removal comes first, and the secure
 * cookie goes first of all: one without `Secure` cannot take its place.
 */
export function sessionCookies({ loggedIn, sameSite }: StoredCookies): string[] {
  const gone = `${sessionCookieName}=; Path=/; Max-Age=0`;
  return [`${gone}; Secure`, gone, ...(loggedIn ? [loginCookie(sameSite)] : [])];
}

/** Reports whether a request carries the session. */
export function isLoggedIn(cookieHeader: string | undefined): boolean {
  return (cookieHeader ?? "").split(/; */).includes(`${sessionCookieName}=${session}`);
}
