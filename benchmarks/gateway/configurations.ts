import { allowedOrigin } from "./load.ts";

/** The content of the small answer: 1 KB of JSON. */
export const book: string = JSON.stringify({ title: "Dune", text: "x".repeat(998) });

/** The length of the large answer, in bytes. */
export const largeBytes = 100 * 1024;

/** nginx in one process, its files in `folder`. */
function nginx(folder: string, http: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr crit;
    events { worker_connections 256; }
    http {
      access_log off;
      keepalive_requests 1000000;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
      ${http}
    }`;
}

/** The API behind all proxies: a small answer, the same with permission to be cached, and a large one. */
export function originConfiguration(folder: string, port: number): string {
  return nginx(
    folder,
    `
    sendfile on;
    server {
      listen 127.0.0.1:${port};
      default_type application/json;
      location = /book { return 200 '${book}'; }
      location = /cached/book { add_header Cache-Control max-age=3600; return 200 '${book}'; }
      location = /large { root ${folder}; }
    }`,
  );
}

/** nginx as proxy and cache, with the policy as its manuals write it, and connections to the API kept open. */
export function nginxConfiguration(folder: string, port: number, origin: number): string {
  return nginx(
    folder,
    `
    proxy_cache_path ${folder}/cache keys_zone=books:1m;
    proxy_max_temp_file_size 0;
    upstream api { server 127.0.0.1:${origin}; keepalive 64; keepalive_requests 1000000; }
    map $http_origin $allow_origin { "${allowedOrigin}" $http_origin; }
    map $http_origin $allow_credentials { "${allowedOrigin}" true; }
    server {
      listen 127.0.0.1:${port};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_hide_header Access-Control-Allow-Origin;
      add_header Access-Control-Allow-Origin $allow_origin always;
      add_header Access-Control-Allow-Credentials $allow_credentials always;
      add_header Vary Origin always;
      location / { proxy_pass http://api; }
      location /cached/ { proxy_pass http://api; proxy_cache books; }
    }`,
  );
}

/** Caddy with the same policy. */
export function caddyConfiguration(port: number, origin: number): string {
  return `
{
	admin off
	auto_https off
}
http://:${port} {
	bind 127.0.0.1
	@allowed header Origin ${allowedOrigin}
	header @allowed {
		defer
		Access-Control-Allow-Origin ${allowedOrigin}
		Access-Control-Allow-Credentials true
		+Vary Origin
	}
	reverse_proxy 127.0.0.1:${origin}
}
`;
}
