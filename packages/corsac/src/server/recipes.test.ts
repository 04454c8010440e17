import { describe, expect, test } from "vitest";
import { type Grant, recipeFor } from "./recipes.ts";
import { type ServerName, serverTitles } from "./server-name.ts";

const servers = Object.keys(serverTitles) as ServerName[];
const full: Grant = {
  origin: "https://app.example",
  methods: ["PUT"],
  headerNames: ["Content-Type", "X-Request-Id"],
  credentials: true,
  exposed: ["ETag"],
  path: "/books",
};
const small: Grant = { ...full, methods: ["GET", "HEAD", "POST"], headerNames: [], credentials: false, exposed: [] };

describe.each(servers)("%s", (server) => {
  test("grants everything that is asked, in lines that a terminal shows whole", async () => {
    const { title, lines } = recipeFor(server, full);
    const text = lines.join("\n");
    expect(title.startsWith(serverTitles[server])).toBe(true);
    expect(text).toContain("https://app.example");
    expect(text).toContain("PUT");
    await expect(`${title}\n\n${text}\n`).toMatchFileSnapshot(`../../test/recipes/${server}.txt`);
  });

  test("says nothing of what is not asked", () => {
    const text = recipeFor(server, small).lines.join("\n");
    expect(text).not.toMatch(/\bPUT\b|etag|x-request-id/);
    expect(text).not.toMatch(/credentials\W+true/i);
    expect(text).not.toMatch(/(?:origin|domain)s?\W+\*/i);
  });
});
