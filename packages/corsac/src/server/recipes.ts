import { type ServerName, serverTitles } from "./server-name.ts";

/** What the server has to allow. */
export interface Grant {
  readonly origin: string;
  /** CORS-safelisted methods left out, unless nothing else remains. */
  readonly methods: readonly string[];
  readonly headerNames: readonly string[];
  readonly credentials: boolean;
  readonly exposed: readonly string[];
  readonly path: string;
}

/** Writes the configuration or code that grants it, for one server. */
export function recipeFor(server: ServerName, grant: Grant): { readonly title: string; readonly lines: string[] } {
  return { title: `${serverTitles[server]}: ${places[server]}`, lines: recipes[server](grant) };
}

const places: Readonly<Record<ServerName, string>> = {
  apache: "in the virtual host or .htaccess, with mod_headers and mod_rewrite",
  "api-gateway": "in the HTTP API's settings; a REST API also needs its 4XX and 5XX gateway responses",
  aspnet: "in Program.cs, before UseAuthentication",
  "azure-storage": "in the CORS settings of the storage account",
  caddy: "in the Caddyfile",
  cloudflare: "in a Transform Rule, or in a Worker as here",
  cloudfront: "in a response headers policy",
  django: "in settings.py, with django-cors-headers first in MIDDLEWARE",
  express: "before every route and before authentication",
  fastapi: "where the application is made",
  flask: "where the application is made, with Flask-CORS",
  gcs: "as the bucket's CORS configuration",
  iis: "in web.config, with the IIS CORS module",
  kong: "as the cors plugin of the route",
  next: "in the route handler; export OPTIONS too",
  nginx: "in the server or location block; “always” covers error responses",
  php: "first thing in the script",
  s3: "as the bucket's CORS configuration",
  spring: "as a bean; Spring Security also needs http.cors()",
  vercel: "in vercel.json, and answer OPTIONS in the function",
};

const recipes: Readonly<Record<ServerName, (grant: Grant) => string[]>> = {
  apache: ({ origin, credentials, ...grant }) => [
    `Header always set Access-Control-Allow-Origin "${origin}"`,
    "Header always merge Vary Origin",
    ...when(credentials, 'Header always set Access-Control-Allow-Credentials "true"'),
    `Header always set Access-Control-Allow-Methods "${grant.methods.join(", ")}"`,
    ...when(
      grant.headerNames.length > 0,
      `Header always set Access-Control-Allow-Headers "${grant.headerNames.join(", ")}"`,
    ),
    ...when(grant.exposed.length > 0, `Header always set Access-Control-Expose-Headers "${grant.exposed.join(", ")}"`),
    "RewriteEngine On",
    "RewriteCond %{REQUEST_METHOD} =OPTIONS",
    'RewriteCond %{HTTP:Access-Control-Request-Method} !=""',
    "RewriteRule ^ - [R=204,L]",
  ],
  "api-gateway": (grant) => [
    "aws apigatewayv2 update-api --api-id <id> --cors-configuration \\",
    `  'AllowOrigins=${grant.origin},AllowMethods=${grant.methods.join(",")},AllowHeaders=${grant.headerNames.join(",") || "content-type"}${grant.credentials ? ",AllowCredentials=true" : ""}'`,
  ],
  aspnet: (grant) => [
    "builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy",
    `    .WithOrigins("${grant.origin}")`,
    `    .WithMethods(${quoted(grant.methods, '"')})`,
    ...when(grant.headerNames.length > 0, `    .WithHeaders(${quoted(grant.headerNames, '"')})`),
    ...when(grant.exposed.length > 0, `    .WithExposedHeaders(${quoted(grant.exposed, '"')})`),
    ...when(grant.credentials, "    .AllowCredentials()"),
    "));",
    "app.UseCors();",
  ],
  "azure-storage": (grant) => [
    "az storage cors add --services b \\",
    `  --origins '${grant.origin}' --methods ${grant.methods.join(" ")} \\`,
    `  --allowed-headers '${grant.headerNames.join(",")}' --exposed-headers '${grant.exposed.join(",")}' --max-age 600`,
  ],
  caddy: ({ origin, credentials, ...grant }) => [
    "@preflight {",
    "    method OPTIONS",
    "    header Access-Control-Request-Method *",
    "}",
    "header {",
    `    Access-Control-Allow-Origin "${origin}"`,
    ...when(credentials, '    Access-Control-Allow-Credentials "true"'),
    `    Access-Control-Allow-Methods "${grant.methods.join(", ")}"`,
    ...when(grant.headerNames.length > 0, `    Access-Control-Allow-Headers "${grant.headerNames.join(", ")}"`),
    ...when(grant.exposed.length > 0, `    Access-Control-Expose-Headers "${grant.exposed.join(", ")}"`),
    '    +Vary "Origin"',
    "}",
    "respond @preflight 204",
  ],
  cloudflare: (grant) => [
    "const cors = {",
    ...answerHeaders(grant).map(([name, value]) => `  "${name}": "${value}",`),
    "};",
    "if (request.headers.has('Access-Control-Request-Method'))",
    "  return new Response(null, { status: 204, headers: cors });",
    "const response = new Response(upstream.body, upstream);",
    "for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);",
  ],
  cloudfront: (grant) => [
    "CorsConfig:",
    `  AccessControlAllowOrigins: { Items: ["${grant.origin}"] }`,
    `  AccessControlAllowMethods: { Items: [${quoted(grant.methods, '"')}] }`,
    `  AccessControlAllowHeaders: { Items: [${quoted(grant.headerNames.length > 0 ? grant.headerNames : ["content-type"], '"')}] }`,
    `  AccessControlAllowCredentials: ${grant.credentials}`,
    "  OriginOverride: true",
    "# and in the behaviour: allow OPTIONS, and forward Origin to the origin server",
  ],
  django: (grant) => [
    'INSTALLED_APPS += ["corsheaders"]',
    'MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]',
    `CORS_ALLOWED_ORIGINS = ["${grant.origin}"]`,
    `CORS_ALLOW_METHODS = [${quoted(grant.methods, '"')}]`,
    ...when(grant.headerNames.length > 0, `CORS_ALLOW_HEADERS = [${quoted(grant.headerNames, '"')}]`),
    ...when(grant.exposed.length > 0, `CORS_EXPOSE_HEADERS = [${quoted(grant.exposed, '"')}]`),
    ...when(grant.credentials, "CORS_ALLOW_CREDENTIALS = True"),
  ],
  express: (grant) => [
    'import cors from "cors";',
    "app.use(cors({",
    `  origin: ["${grant.origin}"],`,
    `  methods: [${quoted(grant.methods, '"')}],`,
    ...when(grant.headerNames.length > 0, `  allowedHeaders: [${quoted(grant.headerNames, '"')}],`),
    ...when(grant.exposed.length > 0, `  exposedHeaders: [${quoted(grant.exposed, '"')}],`),
    ...when(grant.credentials, "  credentials: true,"),
    "}));",
  ],
  fastapi: (grant) => [
    "app.add_middleware(",
    "    CORSMiddleware,",
    `    allow_origins=["${grant.origin}"],`,
    `    allow_methods=[${quoted(grant.methods, '"')}],`,
    ...when(grant.headerNames.length > 0, `    allow_headers=[${quoted(grant.headerNames, '"')}],`),
    ...when(grant.exposed.length > 0, `    expose_headers=[${quoted(grant.exposed, '"')}],`),
    ...when(grant.credentials, "    allow_credentials=True,"),
    ")",
  ],
  flask: (grant) => [
    "CORS(",
    "    app,",
    `    origins=["${grant.origin}"],`,
    `    methods=[${quoted(grant.methods, '"')}],`,
    ...when(grant.headerNames.length > 0, `    allow_headers=[${quoted(grant.headerNames, '"')}],`),
    ...when(grant.exposed.length > 0, `    expose_headers=[${quoted(grant.exposed, '"')}],`),
    ...when(grant.credentials, "    supports_credentials=True,"),
    ")",
  ],
  gcs: (grant) => [
    "gcloud storage buckets update gs://<bucket> --cors-file=cors.json",
    "# cors.json",
    `[{"origin": ["${grant.origin}"], "method": [${quoted(grant.methods, '"')}],`,
    `  "responseHeader": [${quoted([...grant.headerNames, ...grant.exposed], '"')}], "maxAgeSeconds": 600}]`,
  ],
  iis: (grant) => [
    '<cors enabled="true">',
    `  <add origin="${grant.origin}" allowCredentials="${grant.credentials}">`,
    `    <allowMethods>${grant.methods.map((method) => `<add method="${method}" />`).join("")}</allowMethods>`,
    ...when(
      grant.headerNames.length > 0,
      `    <allowHeaders>${grant.headerNames.map((name) => `<add header="${name}" />`).join("")}</allowHeaders>`,
    ),
    ...when(
      grant.exposed.length > 0,
      `    <exposeHeaders>${grant.exposed.map((name) => `<add header="${name}" />`).join("")}</exposeHeaders>`,
    ),
    "  </add>",
    "</cors>",
  ],
  kong: (grant) => [
    "plugins:",
    "  - name: cors",
    "    config:",
    `      origins: ["${grant.origin}"]`,
    `      methods: [${quoted(grant.methods, '"')}]`,
    ...when(grant.headerNames.length > 0, `      headers: [${quoted(grant.headerNames, '"')}]`),
    ...when(grant.exposed.length > 0, `      exposed_headers: [${quoted(grant.exposed, '"')}]`),
    `      credentials: ${grant.credentials}`,
    "      preflight_continue: false",
  ],
  next: (grant) => [
    "const cors = {",
    ...answerHeaders(grant).map(([name, value]) => `  "${name}": "${value}",`),
    "};",
    "export const OPTIONS = () => new Response(null, { status: 204, headers: cors });",
    "// and give `headers: cors` to the Response of every other method",
  ],
  nginx: (grant) => [
    ...answerHeaders(grant).map(([name, value]) => `add_header ${name} "${value}" always;`),
    "if ($request_method = OPTIONS) { return 204; }",
    "proxy_hide_header Access-Control-Allow-Origin;   # if the application adds its own",
  ],
  php: (grant) => [
    ...answerHeaders(grant).map(([name, value]) => `header("${name}: ${value}");`),
    'if ($_SERVER["REQUEST_METHOD"] === "OPTIONS") { http_response_code(204); exit; }',
  ],
  s3: (grant) => [
    'aws s3api put-bucket-cors --bucket <bucket> --cors-configuration \'{ "CORSRules": [{',
    `  "AllowedOrigins": ["${grant.origin}"], "AllowedMethods": [${quoted(s3Methods(grant.methods), '"')}],`,
    `  "AllowedHeaders": [${quoted(grant.headerNames, '"')}], "ExposeHeaders": [${quoted(grant.exposed, '"')}]`,
    "}] }'",
  ],
  spring: (grant) => [
    "@Bean CorsConfigurationSource corsConfigurationSource() {",
    "  var cors = new CorsConfiguration();",
    `  cors.setAllowedOrigins(List.of("${grant.origin}"));`,
    `  cors.setAllowedMethods(List.of(${quoted(grant.methods, '"')}));`,
    ...when(grant.headerNames.length > 0, `  cors.setAllowedHeaders(List.of(${quoted(grant.headerNames, '"')}));`),
    ...when(grant.exposed.length > 0, `  cors.setExposedHeaders(List.of(${quoted(grant.exposed, '"')}));`),
    ...when(grant.credentials, "  cors.setAllowCredentials(true);"),
    "  var source = new UrlBasedCorsConfigurationSource();",
    `  source.registerCorsConfiguration("/**", cors);`,
    "  return source;",
    "}",
  ],
  vercel: (grant) => [
    `{ "headers": [{ "source": "${grant.path}", "headers": [`,
    ...answerHeaders(grant).map(
      ([name, value], index, all) => `  { "key": "${name}", "value": "${value}" }${index < all.length - 1 ? "," : ""}`,
    ),
    "] }] }",
  ],
};

function answerHeaders(grant: Grant): (readonly [string, string])[] {
  return [
    ["Access-Control-Allow-Origin", grant.origin],
    ["Vary", "Origin"],
    ...when<readonly [string, string]>(grant.credentials, ["Access-Control-Allow-Credentials", "true"]),
    ["Access-Control-Allow-Methods", grant.methods.join(", ")],
    ...when<readonly [string, string]>(grant.headerNames.length > 0, [
      "Access-Control-Allow-Headers",
      grant.headerNames.join(", "),
    ]),
    ...when<readonly [string, string]>(grant.exposed.length > 0, [
      "Access-Control-Expose-Headers",
      grant.exposed.join(", "),
    ]),
  ];
}

function s3Methods(methods: readonly string[]): string[] {
  // S3 answers preflights itself and refuses OPTIONS and PATCH in its configuration.
  const allowed = methods.filter((method) => /^(?:GET|PUT|POST|DELETE|HEAD)$/.test(method));
  return allowed.length > 0 ? allowed : ["GET"];
}

function quoted(values: readonly string[], quote: string): string {
  return values.map((value) => `${quote}${value}${quote}`).join(", ");
}

function when<T>(condition: boolean, value: T): T[] {
  return condition ? [value] : [];
}
