// META: title=Which cookies go with a fetch: credentials mode, SameSite, Secure, HttpOnly
// META: timeout=long
// META: script=/common/utils.js
// META: script=/common/get-host-info.sub.js
// META: script=util.js
const allow = [
  ["Access-Control-Allow-Origin", ORIGIN],
  ["Access-Control-Allow-Credentials", "true"],
];
const sites = { "same origin": ORIGIN, "same site": HTTPS_REMOTE_ORIGIN, "cross site": HTTPS_NOTSAMESITE_ORIGIN };
async function cookiesAt(origin, init) {
  const id = token();
  await fetch(ask(origin, { id, headers: allow }), init);
  const header = (await seen(id)).at(-1).headers.cookie ?? "";
  return header.split("; ");
}
function stored(label, site, attributes, expected, { set = "include", send = "include" } = {}) {
  promise_test(
    async (t) => {
      const name = `c${token().slice(0, 8)}`;
      const origin = sites[site];
      await fetch(ask(origin, { headers: [...allow, ["Set-Cookie", `${name}=1${attributes}`]] }), { credentials: set });
      t.add_cleanup(() =>
        fetch(ask(origin, { headers: [...allow, ["Set-Cookie", `${name}=; max-age=0${attributes}`]] }), {
          credentials: "include",
        }),
      );
      const got = await cookiesAt(origin, { credentials: send });
      assert_equals(got.includes(`${name}=1`), expected);
    },
    `${label}, ${site}, "${attributes}": ${expected ? "sent" : "not sent"}`,
  );
}
for (const site of ["same origin", "same site"]) {
  for (const a of [
    "",
    "; SameSite=Strict",
    "; SameSite=Lax",
    "; SameSite=None; Secure",
    "; Secure",
    "; HttpOnly",
    "; Secure; HttpOnly; SameSite=Strict",
    "; SameSite=bogus",
  ])
    stored("include", site, a, true);
  stored("None without Secure", site, "; SameSite=None", false);
  stored("deleted at once", site, "; Max-Age=0", false);
  stored("another path", site, "; Path=/elsewhere", false);
  stored("path of the request", site, "; Path=/lab", true);
  stored("a domain above", site, "; Domain=web-platform.test", true);
  stored("a foreign domain", site, "; Domain=not-web-platform.test", false);
  stored("set with omit", site, "", false, { set: "omit" });
  stored("sent with omit", site, "", false, { send: "omit" });
}
stored("set and sent by default", "same origin", "", true, { set: "same-origin", send: "same-origin" });
stored("set by default", "same site", "", false, { set: "same-origin" });
stored("sent by default", "same site", "", false, { send: "same-origin" });
for (const a of ["", "; SameSite=Strict", "; SameSite=Lax", "; SameSite=Lax; Secure", "; SameSite=bogus"])
  stored("include", "cross site", a, false);
stored("None without Secure", "cross site", "; SameSite=None", false);
stored("None with Secure", "cross site", "; SameSite=None; Secure", true);
promise_test(async () => {
  const name = `__Host-${token().slice(0, 8)}`;
  await fetch(ask(ORIGIN, { headers: [...allow, ["Set-Cookie", `${name}=1`]] }));
  assert_false((await cookiesAt(ORIGIN, {})).includes(`${name}=1`));
  await fetch(ask(ORIGIN, { headers: [...allow, ["Set-Cookie", `${name}=1; Secure; Path=/`]] }));
  assert_true((await cookiesAt(ORIGIN, {})).includes(`${name}=1`));
}, "__Host- cookies need Secure and Path=/");
promise_test(async () => {
  const id = token();
  await fetch(
    ask(sites["same site"], { id, headers: allow, preflight: [...allow, ["Access-Control-Allow-Methods", "PUT"]] }),
    { method: "PUT", credentials: "include" },
  );
  const [preflight] = await seen(id);
  assert_equals(preflight.method, "OPTIONS");
  assert_equals(preflight.headers.cookie, undefined);
}, "a preflight carries no cookies");
promise_test(async () => {
  const name = `d${token().slice(0, 8)}`;
  await fetch(
    ask(ORIGIN, {
      headers: [...allow, ["Set-Cookie", `${name}=1; Domain=web-platform.test; SameSite=Strict; Secure`]],
    }),
  );
  assert_true(
    (await cookiesAt(sites["same site"], { credentials: "include" })).includes(`${name}=1`),
    "same site, other origin",
  );
  await fetch(
    ask(ORIGIN, { headers: [...allow, ["Set-Cookie", `${name}=; max-age=0; Domain=web-platform.test; Secure`]] }),
  );
}, "SameSite=Strict goes to another origin of the same site");
