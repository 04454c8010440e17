/** Servers, frameworks and services whose answers corsac recognises. */
export type ServerName =
  | "apache"
  | "api-gateway"
  | "aspnet"
  | "azure-storage"
  | "caddy"
  | "cloudflare"
  | "cloudfront"
  | "django"
  | "express"
  | "fastapi"
  | "flask"
  | "gcs"
  | "iis"
  | "kong"
  | "next"
  | "nginx"
  | "php"
  | "s3"
  | "spring"
  | "vercel";

/** What people call them. */
export const serverTitles: Readonly<Record<ServerName, string>> = {
  apache: "Apache",
  "api-gateway": "Amazon API Gateway",
  aspnet: "ASP.NET Core",
  "azure-storage": "Azure Storage",
  caddy: "Caddy",
  cloudflare: "Cloudflare",
  cloudfront: "Amazon CloudFront",
  django: "Django",
  express: "Express",
  fastapi: "FastAPI",
  flask: "Flask",
  gcs: "Google Cloud Storage",
  iis: "IIS",
  kong: "Kong",
  next: "Next.js",
  nginx: "nginx",
  php: "PHP",
  s3: "Amazon S3",
  spring: "Spring",
  vercel: "Vercel",
};
