// META: title=Which answers to a CORS-preflight allow the request
// META: timeout=long
// META: script=/common/utils.js
// META: script=/common/get-host-info.sub.js
// META: script=util.js
function preflighted(
  label,
  allowed,
  init,
  preflight,
  { pstatus, origin = [["Access-Control-Allow-Origin", ORIGIN]], credentials } = {},
) {
  promise_test(
    async (t) => {
      const id = token();
      const ok = [
        ["Access-Control-Allow-Origin", ORIGIN],
        ["Access-Control-Allow-Credentials", "true"],
      ];
      const answer = [...origin, ...(credentials ? [["Access-Control-Allow-Credentials", "true"]] : []), ...preflight];
      const url = ask(REMOTE_ORIGIN, { id, headers: ok, preflight: answer, pstatus });
      await outcome(t, allowed, url, { ...init, credentials: credentials ? "include" : "same-origin" });
      assert_equals(
        (await seen(id)).map((r) => r.method).join(),
        allowed ? `OPTIONS,${init.method ?? "GET"}` : "OPTIONS",
      );
    },
    `${label}: ${allowed ? "allowed" : "refused"}`,
  );
}
const M = (...values) => values.map((v) => ["Access-Control-Allow-Methods", v]);
const H = (...values) => values.map((v) => ["Access-Control-Allow-Headers", v]);

for (const [values, allowed] of [
  [["PUT"], true],
  [[" PUT "], true],
  [["GET, PUT"], true],
  [["GET,PUT,DELETE"], true],
  [["GET", "PUT"], true],
  [[",PUT"], true],
  [["PUT,"], true],
  [["GET,,PUT"], true],
  [["*"], true],
  [["*, PUT"], true],
  [[], false],
  [[""], false],
  [["put"], false],
  [["Put"], false],
  [["POST"], false],
  [["PUTS"], false],
  [["PUT DELETE"], false],
  [["PUT;DELETE"], false],
  [['"PUT"'], false],
  [["PUT, @"], false],
  [["GET PUT, PUT"], false],
])
  preflighted(`PUT, methods ${show(values)}`, allowed, { method: "PUT" }, M(...values));
preflighted("PUT with credentials, methods *", false, { method: "PUT" }, M("*"), { credentials: true });
preflighted("PUT with credentials, methods PUT", true, { method: "PUT" }, M("PUT"), { credentials: true });
preflighted("patch, methods PATCH", false, { method: "patch" }, M("PATCH"));
preflighted("patch, methods patch", true, { method: "patch" }, M("patch"));
preflighted("GET needs no naming", true, { headers: { "x-a": "1" } }, [...M("PUT"), ...H("x-a")]);
preflighted("POST needs no naming", true, { method: "POST", headers: { "x-a": "1" } }, H("x-a"));

for (const [values, allowed] of [
  [["x-a"], true],
  [["X-A"], true],
  [[" x-a "], true],
  [["x-b, x-a"], true],
  [["x-b", "x-a"], true],
  [[",x-a"], true],
  [["x-a,"], true],
  [["*"], true],
  [["x-b, *"], true],
  [[], false],
  [[""], false],
  [["x-b"], false],
  [["x-a x-b"], false],
  [["x-a;"], false],
  [['"x-a"'], false],
  [["x-a, no no"], false],
  [["x-*"], false],
  [["x-a: 1"], false],
])
  preflighted(`x-a, headers ${show(values)}`, allowed, { headers: { "x-a": "1" } }, H(...values));
preflighted("two headers, both named", true, { headers: { "x-a": "1", "x-b": "2" } }, H("x-b, x-a"));
preflighted("two headers, one named", false, { headers: { "x-a": "1", "x-b": "2" } }, H("x-b"));
preflighted("x-a with credentials, headers *", false, { headers: { "x-a": "1" } }, H("*"), { credentials: true });
preflighted("x-a with credentials, headers x-a", true, { headers: { "x-a": "1" } }, H("x-a"), { credentials: true });
preflighted(
  "JSON body, headers Content-Type",
  true,
  { method: "POST", body: "{}", headers: { "content-type": "application/json" } },
  H("Content-Type"),
);
preflighted(
  "JSON body, nothing named",
  false,
  { method: "POST", body: "{}", headers: { "content-type": "application/json" } },
  [],
);

for (const [status, allowed] of [
  [200, true],
  [202, true],
  [204, true],
  [226, true],
  [299, true],
  [300, false],
  [302, false],
  [304, false],
  [401, false],
  [403, false],
  [404, false],
  [405, false],
  [500, false],
]) {
  preflighted(`status ${status}`, allowed, { method: "PUT" }, M("PUT"), { pstatus: status });
}
for (const [values, allowed] of [
  [["*"], true],
  [[], false],
  [["null"], false],
  [["http://example.test"], false],
  [[ORIGIN, ORIGIN], false],
]) {
  preflighted(`preflight's Access-Control-Allow-Origin ${show(values)}`, allowed, { method: "PUT" }, M("PUT"), {
    origin: values.map((v) => ["Access-Control-Allow-Origin", v]),
  });
}
promise_test(async (t) => {
  const id = token();
  const url = ask(REMOTE_ORIGIN, { id, preflight: [["Access-Control-Allow-Origin", ORIGIN], ...M("PUT")] });
  await promise_rejects_js(t, TypeError, fetch(url, { method: "PUT" }));
  assert_equals((await seen(id)).map((r) => r.method).join(), "OPTIONS,PUT");
}, "the response itself needs Access-Control-Allow-Origin too; the request was made all the same");
