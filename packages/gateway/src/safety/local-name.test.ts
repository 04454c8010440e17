import { expect, test } from "vitest";
import { isLocalName } from "./local-name.ts";

const local = [
  "http://localhost:3000",
  "http://LOCALHOST./",
  "http://app.localhost",
  "http://127.0.0.1",
  "http://2130706433",
  "http://[::1]:80",
  "http://[::ffff:10.0.0.1]",
  "http://10.0.0.1",
  "http://169.254.169.254",
  "http://api:3000",
  "http://api.",
  "http://printer.local",
  "http://host.docker.internal",
  "http://nas.home.arpa",
  "http://shop.test",
];
const wide = [
  "https://api.example",
  "https://localhost.example",
  "https://notlocalhost.com",
  "https://internal.com.",
  "https://mylocal.dev",
  "https://8.8.8.8",
  "https://[2606:4700::1111]",
];

test.each(local)("%s says that it is not public", (url) => expect(isLocalName(new URL(url).hostname)).toBe(true));
test.each(wide)("%s does not", (url) => expect(isLocalName(new URL(url).hostname)).toBe(false));
