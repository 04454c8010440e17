// META: title=CORS check: which Access-Control-Allow-Credentials values count for a request with credentials
// META: script=/common/utils.js
// META: script=/common/get-host-info.sub.js
// META: script=util.js
const cases = [
  [["true"], true],
  [[" true "], true],
  [[], false],
  [[""], false],
  [["True"], false],
  [["TRUE"], false],
  [["tru"], false],
  [["true;"], false],
  [['"true"'], false],
  [["1"], false],
  [["yes"], false],
  [["*"], false],
  [["false"], false],
  [["true, true"], false],
  [["true", "true"], false],
  [["true, false"], false],
  [["false", "true"], false],
  [["\u00a0true"], false],
];
for (const [values, allowed] of cases) {
  const headers = [
    ["Access-Control-Allow-Origin", ORIGIN],
    ...values.map((v) => ["Access-Control-Allow-Credentials", v]),
  ];
  promise_test(
    (t) => outcome(t, allowed, ask(REMOTE_ORIGIN, { headers }), { credentials: "include" }),
    `simple request, ${show(values)}: ${allowed ? "allowed" : "refused"}`,
  );
  promise_test(
    (t) => outcome(t, true, ask(REMOTE_ORIGIN, { headers }), { credentials: "omit" }),
    `without credentials ${show(values)} does not matter`,
  );
  promise_test(
    async (t) => {
      const id = token();
      const answer = ask(REMOTE_ORIGIN, {
        id,
        headers: headers.slice(0, 1).concat([["Access-Control-Allow-Credentials", "true"]]),
        preflight: [...headers, ["Access-Control-Allow-Methods", "PUT"]],
      });
      await outcome(t, allowed, answer, { method: "PUT", credentials: "include" });
      assert_equals((await seen(id)).map((r) => r.method).join(), allowed ? "OPTIONS,PUT" : "OPTIONS");
    },
    `preflight, ${show(values)}: ${allowed ? "allowed" : "refused"}`,
  );
}
