import { expect, test } from "vitest";
import { recognizeServer } from "./recognize-server.ts";

test.each([
  [[["Server", "nginx/1.28.0"]], "nginx"],
  [[["Server", "openresty"]], "nginx"],
  [[["Server", "Apache/2.4.62 (Debian)"]], "apache"],
  [[["Server", "Apache-Coyote/1.1"]], null],
  [[["Server", "Caddy"]], "caddy"],
  [[["Server", "Microsoft-IIS/10.0"]], "iis"],
  [
    [
      ["Server", "Microsoft-IIS/10.0"],
      ["X-Powered-By", "ASP.NET"],
    ],
    "aspnet",
  ],
  [[["Server", "Kestrel"]], "aspnet"],
  [[["Server", "uvicorn"]], "fastapi"],
  [[["Server", "Werkzeug/3.0.1 Python/3.12"]], "flask"],
  [[["Server", "WSGIServer/0.2 CPython/3.12"]], "django"],
  [
    [
      ["Server", "AmazonS3"],
      ["X-Cache", "Hit from cloudfront"],
    ],
    "s3",
  ],
  [[["X-Amz-Cf-Id", "abc"]], "cloudfront"],
  [[["apigw-requestid", "abc"]], "api-gateway"],
  [
    [
      ["Server", "cloudflare"],
      ["X-Powered-By", "Express"],
    ],
    "express",
  ],
  [
    [
      ["Server", "nginx"],
      ["X-Powered-By", "Express"],
    ],
    "express",
  ],
  [[["X-Powered-By", "Next.js"]], "next"],
  [[["X-Powered-By", "PHP/8.3.1"]], "php"],
  [
    [
      ["Vary", "Origin"],
      ["Vary", "Access-Control-Request-Method"],
      ["Vary", "Access-Control-Request-Headers"],
    ],
    "spring",
  ],
  [[["Vary", "Origin"]], null],
  [[["Via", "1.1 kong/3.6.1"]], "kong"],
  [[["X-GUploader-UploadID", "abc"]], "gcs"],
  [[["Server", "Windows-Azure-Blob/1.0"]], "azure-storage"],
  [[["Server", "Vercel"]], "vercel"],
  [[], null],
] as const)("%j is %s", (headers, server) => {
  expect(recognizeServer(headers)).toBe(server);
});
