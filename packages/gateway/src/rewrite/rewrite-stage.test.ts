import { expect, test } from "vitest";
import { exchange } from "../../test/recording-sink.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { Handler } from "../exchange/response-sink.ts";
import { withRewriting } from "./rewrite-stage.ts";

const mapping = { upstream: new URL("https://api.example/v2"), prefix: "/api" };
const upstreamFields = {
  location: "https://api.example/v2/books/1",
  "content-location": "/v2/books/1",
  refresh: "5; url=/v2/",
  "set-cookie": ["a=b; Domain=api.example; Path=/v2/books; Secure", "c=d; Path=/elsewhere"],
  link: "<https://api.example/v2/>; rel=up",
};

/** What the client gets, and what cookies the upstream got. */
async function exchanged(switches: { location: boolean; cookies: boolean }, scheme: "http" | "https") {
  const seen: unknown[] = [];
  const upstream: Handler = (request, sink) => {
    seen.push(request.headers.cookie);
    sink.start({ status: 201, statusText: "", headers: structuredClone(upstreamFields) as HeaderFields });
    sink.end(null);
  };
  const request = { scheme, target: "/api/books", headers: { cookie: "~~Host-a=1; b=2" } };
  const { head } = await exchange(withRewriting(upstream, { ...mapping, ...switches }), request);
  return { headers: head?.headers, cookie: seen[0] };
}

test("references and cookies are the gateway's, as far as they are to be", async () => {
  expect(await exchanged({ location: true, cookies: true }, "http")).toEqual({
    headers: {
      location: "/api/books/1",
      "content-location": "/api/books/1",
      refresh: "5; url=/api/",
      "set-cookie": ["a=b; Path=/api/books"],
      link: upstreamFields.link,
    },
    cookie: "__Host-a=1; b=2",
  });
  expect(await exchanged({ location: false, cookies: true }, "https")).toEqual({
    headers: { ...upstreamFields, "set-cookie": ["a=b; Path=/api/books; Secure"] },
    cookie: "~~Host-a=1; b=2",
  });
  expect((await exchanged({ location: true, cookies: false }, "http")).cookie).toBe("~~Host-a=1; b=2");
  expect((await exchanged({ location: false, cookies: false }, "http")).headers).toEqual(upstreamFields);
});
