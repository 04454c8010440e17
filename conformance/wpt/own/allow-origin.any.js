// META: title=CORS check: which Access-Control-Allow-Origin values let a page read a response
// META: script=/common/utils.js
// META: script=/common/get-host-info.sub.js
// META: script=util.js
const O = ORIGIN;
const bare = new URL(O).host;
const cases = [
  // values of the header (one string: one header), allowed without credentials, allowed with
  [["*"], true, false],
  [[O], true, true],
  [[` ${O} \t`], true, true],
  [[" * "], true, false],
  [[], false, false],
  [[""], false, false],
  [["null"], false, false],
  [[`${O}/`], false, false],
  [[`${O}:80`], false, false],
  [[`${O}?`], false, false],
  [[O.toUpperCase()], false, false],
  [[O.replace("http", "HTTP")], false, false],
  [[O.replace("http", "https")], false, false],
  [[O.replace("://", "://www.")], false, false],
  [[O.replace(/:\d+$/, "")], false, false],
  [[bare], false, false],
  [[`//${bare}`], false, false],
  [["http://*"], false, false],
  [["*.test"], false, false],
  [["**"], false, false],
  [['"*"'], false, false],
  [[`* ${O}`], false, false],
  [[`${O}, ${O}`], false, false],
  [[`${O}, *`], false, false],
  [["*, *"], false, false],
  [[O, O], false, false],
  [["*", "*"], false, false],
  [["*", O], false, false],
  [["", "*"], false, false],
  [["http://example.test"], false, false],
  [[location.href], false, false],
  [[`${O}\u00a0`], false, false],
];
for (const [values, anonymous, credentialed] of cases) {
  const origin = values.map((v) => ["Access-Control-Allow-Origin", v]);
  for (const [credentials, allowed] of [
    ["same-origin", anonymous],
    ["include", credentialed],
  ]) {
    promise_test(
      async (t) => {
        const headers = [...origin, ["Access-Control-Allow-Credentials", "true"]];
        const response = await outcome(t, allowed, ask(REMOTE_ORIGIN, { headers }), { credentials });
        if (allowed) assert_equals(await response.text(), "lab");
      },
      `${show(values)}, credentials ${credentials}: ${allowed ? "allowed" : "refused"}`,
    );
  }
}
