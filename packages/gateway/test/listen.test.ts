import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { createGateway } from "../src/create-gateway.ts";

const folder = mkdtempSync(join(tmpdir(), "corsac-listen-"));
afterAll(() => rmSync(folder, { recursive: true }));

const mock = { mock: { body: "hello" } };

function get(url: URL, ca: string): Promise<string> {
  return new Promise((settle, fail) => {
    request(url, { ca, servername: "localhost" }, (response) => settle(text(response)))
      .on("error", fail)
      .end();
  });
}

test("a certificate for development is made once, and trusted by whom trusts its authority", async () => {
  const start = async () => {
    const gateway = createGateway({ ...mock, listen: { port: 0, tls: true } }, { certificateFolder: folder });
    const url = await gateway.listen();
    const content = await get(url, readFileSync(gateway.authority?.file ?? "", "utf8"));
    await gateway.close();
    return [url.protocol, content, gateway.authority?.isNew];
  };
  expect(await start()).toEqual(["https:", "hello", true]);
  expect(await start()).toEqual(["https:", "hello", false]);
});

test.each([
  ["that is not there", join(folder, "nobody.pem")],
  ["that is none", join(folder, "text.pem")],
])("a certificate %s is no stack trace but an error of listening", async (_, file) => {
  writeFileSync(join(folder, "text.pem"), "text");
  const gateway = createGateway({ ...mock, listen: { port: 0, tls: { key: file, certificate: file } } });
  await expect(gateway.listen()).rejects.toMatchObject({ name: "ListenError", code: "certificate-invalid" });
  await gateway.close();
});
