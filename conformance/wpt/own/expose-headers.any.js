// META: title=Which response headers Access-Control-Expose-Headers lets a page read
// META: script=/common/utils.js
// META: script=/common/get-host-info.sub.js
// META: script=util.js
const cases = [
  [["bb-8"], true],
  [["BB-8"], true],
  [[" bb-8 "], true],
  [["x, bb-8"], true],
  [["x,bb-8,y"], true],
  [["\tx\t,\tbb-8"], true],
  [["x", "bb-8"], true],
  [["bb-8", "bb-8"], true],
  [[",bb-8"], true],
  [["bb-8,"], true],
  [["x,,bb-8"], true],
  [[], false],
  [[""], false],
  [["bb"], false],
  [["bb-8x"], false],
  [["bb-8 x"], false],
  [["bb-8;x"], false],
  [['"bb-8"'], false],
  [["bb-8, no no"], false],
  [["no no, bb-8"], false],
  [["bb-8, @"], false],
  [["bb-8/"], false],
  [["x=bb-8"], false],
  [["\u000Bbb-8"], false],
];
const reads = async (values, init = {}) => {
  const headers = [
    ["Access-Control-Allow-Origin", ORIGIN],
    ["Access-Control-Allow-Credentials", "true"],
    ["bb-8", "hey"],
    ["Content-Language", "mkay"],
    ["Set-Cookie", "hidden=1; max-age=0"],
    ...values.map((v) => ["Access-Control-Expose-Headers", v]),
  ];
  return (await fetch(ask(REMOTE_ORIGIN, { headers }), init)).headers;
};
for (const [values, exposed] of cases) {
  promise_test(
    async () => {
      const headers = await reads(values);
      assert_equals(headers.get("content-language"), "mkay");
      assert_equals(headers.get("bb-8"), exposed ? "hey" : null);
    },
    `${show(values)}: ${exposed ? "readable" : "hidden"}`,
  );
}
promise_test(async () => assert_equals((await reads(["*"])).get("bb-8"), "hey"), "* without credentials");
promise_test(
  async () => assert_equals((await reads(["*"], { credentials: "include" })).get("bb-8"), null),
  "* with credentials",
);
promise_test(
  async () => assert_equals((await reads(["bb-8, *"], { credentials: "include" })).get("bb-8"), "hey"),
  "named beside * with credentials",
);
promise_test(
  async () => assert_false((await reads(["set-cookie, *"])).has("set-cookie")),
  "set-cookie is never readable",
);
promise_test(
  async () =>
    assert_equals(
      [...(await reads([])).keys()].sort().join(),
      "cache-control,content-language,content-length,content-type",
    ),
  "the headers which are readable without being named",
);
