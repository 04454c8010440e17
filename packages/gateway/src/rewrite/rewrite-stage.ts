import { ForwardingSink } from "../exchange/forwarding-sink.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { Handler, ResponseHead, ResponseSink } from "../exchange/response-sink.ts";
import type { PathMapping } from "./path-mapping.ts";
import { rewriteLocation, rewriteRefresh } from "./rewrite-location.ts";
import { restoreCookieNames, rewriteSetCookie } from "./rewrite-set-cookie.ts";

/** What of an upstream's responses is made to fit the gateway. */
export interface RewritingOptions extends PathMapping {
  /** `Location`, `Content-Location` and `Refresh`. */
  readonly location: boolean;
  /** `Set-Cookie`, and `Cookie` where that needs it. */
  readonly cookies: boolean;
}

/** Changes references and cookies in the responses of a handler so that browsers stay with the gateway. */
export function withRewriting(handler: Handler, options: RewritingOptions): Handler {
  if (!options.location && !options.cookies) return handler;
  return (request, sink) => {
    const { cookie } = request.headers;
    if (options.cookies && request.scheme === "http" && typeof cookie === "string" && cookie.includes("~~")) {
      request.headers.cookie = restoreCookieNames(cookie);
    }
    handler(request, new RewritingSink(sink, request, options));
  };
}

class RewritingSink extends ForwardingSink {
  readonly #request: GatewayRequest;
  readonly #options: RewritingOptions;

  constructor(sink: ResponseSink, request: GatewayRequest, options: RewritingOptions) {
    super(sink);
    this.#request = request;
    this.#options = options;
  }

  override start(head: ResponseHead): void {
    const { headers } = head;
    if (this.#options.location) this.#rewriteReferences(headers);
    if (this.#options.cookies && headers["set-cookie"] !== undefined)
      this.#rewriteCookies(headers, headers["set-cookie"]);
    super.start(head);
  }

  #rewriteReferences(headers: HeaderFields): void {
    const { target } = this.#request;
    const { location, "content-location": contentLocation, refresh } = headers;
    if (typeof location === "string") headers.location = rewriteLocation(location, target, this.#options);
    if (typeof contentLocation === "string") {
      headers["content-location"] = rewriteLocation(contentLocation, target, this.#options);
    }
    if (typeof refresh === "string") headers.refresh = rewriteRefresh(refresh, target, this.#options);
  }

  #rewriteCookies(headers: HeaderFields, lines: string | string[]): void {
    const rewritten: string[] = [];
    for (const line of typeof lines === "string" ? [lines] : lines) {
      const cookie = rewriteSetCookie(line, this.#request.scheme, this.#options);
      if (cookie !== null) rewritten.push(cookie);
    }
    if (rewritten.length === 0) delete headers["set-cookie"];
    else headers["set-cookie"] = rewritten;
  }
}
