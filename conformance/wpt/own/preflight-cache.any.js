// META: title=When a CORS-preflight answer is used again
// META: timeout=long
// META: script=/common/utils.js
// META: script=/common/get-host-info.sub.js
// META: script=util.js
const allow = [
  ["Access-Control-Allow-Origin", ORIGIN],
  ["Access-Control-Allow-Credentials", "true"],
];
function sequence(label, age, methods, first, second, expected, { gap = 0, vary } = {}) {
  promise_test(async () => {
    const id = token();
    const preflight = [
      ...allow,
      ["Access-Control-Allow-Methods", methods],
      ["Access-Control-Allow-Headers", "x-a, x-b"],
      ...(age === null ? [] : [["Access-Control-Max-Age", age]]),
    ];
    const url = ask(REMOTE_ORIGIN, { id, headers: allow, preflight });
    await fetch(url, first);
    if (gap) await new Promise((resolve) => step_timeout(resolve, gap));
    await fetch(vary ? url + vary : url, second);
    assert_equals((await seen(id)).map((r) => r.method).join(), expected);
  }, label);
}
const put = { method: "PUT" };
const again = "OPTIONS,PUT,OPTIONS,PUT";
const once = "OPTIONS,PUT,PUT";
sequence("max-age 600: once", "600", "PUT", put, put, once);
sequence("no max-age: five seconds, so once", null, "PUT", put, put, once);
sequence("max-age 0: again", "0", "PUT", put, put, again);
sequence("max-age 1, two seconds later: again", "1", "PUT", put, put, again, { gap: 2200 });
sequence("no max-age, six seconds later: again", null, "PUT", put, put, again, { gap: 6500 });
sequence("max-age that is no number", "abc", "PUT", put, put, once);
sequence("another method: again", "600", "PUT, DELETE", put, { method: "DELETE" }, "OPTIONS,PUT,DELETE");
sequence(
  "a method which was not named: again",
  "600",
  "PUT",
  put,
  { method: "POST", headers: { "x-a": "1" } },
  "OPTIONS,PUT,POST",
);
sequence("with credentials after without: again", "600", "PUT", put, { method: "PUT", credentials: "include" }, again);
sequence("without credentials after with: once", "600", "PUT", { method: "PUT", credentials: "include" }, put, once);
sequence(
  "with credentials twice: once",
  "600",
  "PUT",
  { method: "PUT", credentials: "include" },
  { method: "PUT", credentials: "include" },
  once,
);
sequence("another URL: again", "600", "PUT", put, put, again, { vary: "&other" });
sequence("same URL, another fragment: again", "600", "PUT", put, put, again, { vary: "#other" });
sequence(
  "a header which was named: once",
  "600",
  "PUT",
  { method: "PUT", headers: { "x-a": "1" } },
  { method: "PUT", headers: { "x-b": "1" } },
  once,
);
sequence("methods *: once", "600", "*", put, put, once);
promise_test(async (t) => {
  const id = token();
  const url = ask(REMOTE_ORIGIN, {
    id,
    headers: allow,
    preflight: [...allow, ["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Max-Age", "600"]],
  });
  await fetch(url, put);
  await promise_rejects_js(t, TypeError, fetch(url, { method: "DELETE" }));
  await fetch(url, put);
  assert_equals((await seen(id)).map((r) => r.method).filter((m) => m === "OPTIONS").length >= 2, true);
}, "a method which the answer does not name is asked for, and refused");
promise_test(async (t) => {
  const id = token();
  const url = ask(REMOTE_ORIGIN, {
    id,
    headers: [],
    preflight: [...allow, ["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Max-Age", "600"]],
  });
  await promise_rejects_js(t, TypeError, fetch(url, put));
  await promise_rejects_js(t, TypeError, fetch(url, put));
  assert_equals((await seen(id)).map((r) => r.method).join(), again);
}, "a request whose response fails the CORS check clears the cache entries");
