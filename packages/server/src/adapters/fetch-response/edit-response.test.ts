import { expect, test } from "vitest";
import type { HeaderEdits } from "../../decision/decision.ts";
import { editResponse } from "./edit-response.ts";

const editsFor = (origin: string): HeaderEdits => ({
  set: [["access-control-allow-origin", origin]],
  remove: ["access-control-allow-credentials"],
  vary: ["Origin"],
});
const edits = editsFor("https://app.example");

test("a response is edited in place, so that its body stays as it is", () => {
  const response = new Response("text", { headers: { "access-control-allow-credentials": "true", vary: "Accept" } });
  expect(editResponse(response, edits)).toBe(response);
  expect(Object.fromEntries(response.headers)).toEqual({
    "access-control-allow-origin": "https://app.example",
    "content-type": "text/plain;charset=UTF-8",
    vary: "Accept, Origin",
  });
});

test("an immutable response is copied with status and body", async () => {
  const response = await fetch("data:text/plain,hello");
  const edited = editResponse(response, edits);
  expect(edited).not.toBe(response);
  expect(response.headers.has("vary")).toBe(false);
  expect([edited.status, edited.headers.get("vary"), await edited.text()]).toEqual([200, "Origin", "hello"]);
});

test("a response that is handed out again keeps what the first request got", () => {
  const shared = new Response(null, { status: 404 });
  const first = editResponse(shared, edits);
  const second = editResponse(shared, { set: [], remove: ["access-control-allow-origin"], vary: ["Origin"] });
  const third = editResponse(shared, editsFor("https://b.example"));
  const origins = [first, second, third].map(({ headers }) => headers.get("access-control-allow-origin"));
  expect(origins).toEqual(["https://app.example", null, "https://b.example"]);
});

test.each([101, 0])("a response with status %d stays as it is", (status) => {
  const response = Object.defineProperty(new Response(null), "status", { value: status });
  expect(editResponse(response, edits)).toBe(response);
  expect([...response.headers]).toEqual([]);
});
