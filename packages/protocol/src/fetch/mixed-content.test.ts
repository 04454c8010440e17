import { expect, test } from "vitest";
import { createOpaqueOrigin, originOf } from "../origin/origin.ts";
import type { Destination } from "../request/request.ts";
import { shouldBlockMixedContent } from "./mixed-content.ts";

const https = originOf(new URL("https://a.example"));
const http = originOf(new URL("http://a.example"));
const localhost = originOf(new URL("http://localhost:3000"));
const opaque = createOpaqueOrigin();

interface Row {
  readonly title: string;
  readonly url: string;
  readonly client?: typeof https;
  readonly top?: typeof https;
  readonly destination?: Destination;
  readonly loopbackIsTrustworthy?: boolean;
  readonly want: boolean;
}

const rows: Row[] = [
  { title: "https page to http", url: "http://b.example", want: true },
  { title: "https page to https", url: "https://b.example", want: false },
  { title: "https page to http loopback", url: "http://localhost:4000", want: false },
  {
    title: "https page to http loopback, not trusted",
    url: "http://[::1]:4000",
    loopbackIsTrustworthy: false,
    want: true,
  },
  { title: "https page to data:", url: "data:,x", loopbackIsTrustworthy: false, want: false },
  { title: "https page to its own blob:", url: "blob:https://a.example/x", want: false },
  { title: "http page to http", url: "http://b.example", client: http, want: false },
  { title: "http loopback page to http", url: "http://b.example", client: localhost, want: false },
  { title: "sandboxed frame of an https page", url: "http://b.example", client: opaque, top: https, want: true },
  { title: "http frame of an https page", url: "http://b.example", client: http, top: https, want: true },
  { title: "https frame of an http page", url: "http://b.example", client: https, top: http, want: true },
  { title: "opaque page of its own", url: "http://b.example", client: opaque, want: false },
  { title: "top-level navigation", url: "http://b.example", destination: "document", want: false },
  { title: "frame", url: "http://b.example", destination: "iframe", want: true },
  { title: "image: blocked, not upgraded", url: "http://b.example", destination: "image", want: true },
];

test.each(rows)(
  "$title",
  ({ url, client = https, top = client, destination = "", loopbackIsTrustworthy = true, want }) => {
    const input = { url: new URL(url), clientOrigin: client, topLevelOrigin: top, destination, loopbackIsTrustworthy };
    expect(shouldBlockMixedContent(input)).toBe(want);
  },
);
