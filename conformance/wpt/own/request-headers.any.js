// META: title=Which methods and request headers cause a CORS-preflight, and what it asks for
// META: timeout=long
// META: script=/common/utils.js
// META: script=/common/get-host-info.sub.js
// META: script=util.js
const safe = [];
const unsafe = [];
const add = (list, name, ...values) => list.push(...values.map((v) => ({ [name]: v })));
add(safe, "accept", "*/*", "text/html;q=0.5", "x".repeat(128), "a_b", "");
add(unsafe, "accept", "x".repeat(129), '"', "(", ")", "a:b", "<", ">", "?", "@", "[", "\\", "]", "{", "}", "a\x7fb");
add(safe, "accept-language", "en", "en-GB, *;q=0.1", "x".repeat(128), "1234567890 *,-.;=");
add(unsafe, "accept-language", "x".repeat(129), "en_GB", "en/x", "@", '"en"');
add(safe, "content-language", "en", "en, de");
add(unsafe, "content-language", "en_GB", "x".repeat(129));
add(
  safe,
  "content-type",
  "text/plain",
  "TEXT/Plain",
  "text/plain;charset=utf-8",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "multipart/form-data",
  "text/plain;",
);
add(
  unsafe,
  "content-type",
  "application/json",
  "text/html",
  "text/plain, text/plain",
  "text /plain",
  'text/plain;x="y"@',
  "application/csp-report",
  `text/plain;${"x".repeat(118)}`,
);
add(safe, "range", "bytes=0-10", "bytes=5-");
add(unsafe, "range", "bytes=-5", "bytes=10-5", "bytes=0-1,3-4", "items=0-10", "bytes = 0-10");
add(unsafe, "authorization", "Bearer x");
add(unsafe, "x-custom", "1", "");
add(unsafe, "cache-control", "no-cache");
add(unsafe, "if-none-match", '"x"');
add(unsafe, "dpr", "1");
unsafe.push({ accept: "a".repeat(128), "accept-language": "a".repeat(128), "x-b": "1", "X-A": "2" });

async function check(init, asks) {
  const id = token();
  const allow = [["Access-Control-Allow-Origin", "*"]];
  const url = ask(REMOTE_ORIGIN, {
    id,
    headers: allow,
    preflight: [
      ...allow,
      ["Access-Control-Allow-Methods", "PUT, DELETE, PATCH, patch, GOAT"],
      ["Access-Control-Allow-Headers", "*, authorization"],
    ],
  });
  await fetch(url, init);
  const requests = await seen(id);
  assert_equals(requests.length, asks ? 2 : 1, "requests on the wire");
  assert_equals(requests.at(-1).method, init.method ?? "GET", "method");
  assert_equals(requests.at(-1).headers.origin, ORIGIN, "Origin");
  if (!asks) return;
  const { method, headers } = requests[0];
  assert_equals(method, "OPTIONS");
  assert_equals(headers.origin, ORIGIN, "Origin of the preflight");
  assert_equals(headers["access-control-request-method"], init.method ?? "GET");
  assert_equals(headers["access-control-request-headers"], asks.join(",") || undefined);
  assert_equals(headers.accept, "*/*", "Accept of the preflight");
  assert_equals(headers.cookie, undefined);
  for (const name of asks)
    if (!name.startsWith("accept")) assert_equals(headers[name], undefined, `the preflight itself carries no ${name}`);
}
const shorten = (h) => show(h).replace(/(.)\1{20,}/g, (m, c) => `${c}*${m.length}`);
for (const headers of safe) promise_test(() => check({ headers }, null), `no preflight for ${shorten(headers)}`);
for (const headers of unsafe) {
  const names = Object.keys(headers)
    .map((n) => n.toLowerCase())
    .filter((n) => Object.keys(headers).length === 1 || n.startsWith("x-"))
    .sort();
  promise_test(() => check({ headers }, names), `preflight for ${shorten(headers)}`);
}
const many = Object.fromEntries(
  Array.from({ length: 8 }, (_, i) => [
    ["accept", "accept-language", "content-language"][i] ?? `x${i}`,
    "a".repeat(100),
  ]),
);
promise_test(
  () =>
    check(
      { headers: many },
      Object.keys(many)
        .filter((n) => n.startsWith("x"))
        .sort(),
    ),
  "safelisted headers are not asked for beside unsafe ones",
);
for (const method of ["GET", "HEAD", "POST"]) promise_test(() => check({ method }, null), `no preflight for ${method}`);
for (const method of ["PUT", "DELETE", "PATCH", "patch", "GOAT"])
  promise_test(() => check({ method }, []), `preflight for ${method}`);
promise_test(() => check({ method: "POST", body: "x" }, null), "no preflight for a text body");
promise_test(() => check({ method: "POST", body: new URLSearchParams("a=b") }, null), "no preflight for a form body");
promise_test(
  () => check({ method: "POST", body: new Blob(["{}"], { type: "application/json" }) }, ["content-type"]),
  "preflight for a JSON blob",
);
