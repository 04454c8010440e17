import { getHeader, type HeaderList } from "@corsac/protocol";
import type { ServerName } from "./server-name.ts";

/** A sign: the header, and what its value has to match. */
type Sign = readonly [server: ServerName, header: string, value: RegExp];

// What runs the application comes before what stands in front of it, since that is where CORS is mostly set up.
const signs: readonly Sign[] = [
  ["s3", "server", /^AmazonS3$/i],
  ["gcs", "x-guploader-uploadid", /./],
  ["azure-storage", "server", /^Windows-Azure-(?:Blob|File|Queue|Table)/i],
  ["api-gateway", "apigw-requestid", /./],
  ["api-gateway", "x-amz-apigw-id", /./],
  ["next", "x-powered-by", /^Next\.js/i],
  ["express", "x-powered-by", /^Express/i],
  ["php", "x-powered-by", /^PHP/i],
  ["spring", "x-application-context", /./],
  // Spring's CORS support adds this on every answer, refused ones included.
  ["spring", "vary", /Origin, *Access-Control-Request-Method, *Access-Control-Request-Headers/i],
  ["django", "server", /^WSGIServer/i],
  ["fastapi", "server", /^(?:uvicorn|hypercorn)/i],
  ["flask", "server", /^Werkzeug/i],
  ["aspnet", "server", /^Kestrel/i],
  ["aspnet", "x-powered-by", /^ASP\.NET/i],
  ["kong", "server", /^kong/i],
  ["kong", "via", /kong/i],
  ["vercel", "server", /^Vercel/i],
  ["iis", "server", /^Microsoft-IIS/i],
  ["caddy", "server", /^Caddy/i],
  ["nginx", "server", /^(?:nginx|openresty)/i],
  ["apache", "server", /^Apache(?:\/|$)/i],
  ["cloudfront", "server", /^CloudFront/i],
  ["cloudfront", "x-amz-cf-id", /./],
  ["cloudflare", "server", /^cloudflare/i],
];

/** Guesses which server made an answer from the headers it gives itself away by; `null` when none does. */
export function recognizeServer(headers: HeaderList): ServerName | null {
  return signs.find(([, name, value]) => value.test(getHeader(headers, name) ?? ""))?.[0] ?? null;
}
