import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { requestFields } from "./request-fields.ts";
import { parseRequestTarget } from "./request-target.ts";

/**
 * Makes a request of what Node's parser understood, or says why it is refused: beyond what the parser refuses, whatever
 * leaves open who is asked, for what, or how long the content is.
 *
 * @param body the content, if there is one
 */
export function readHttp1Request(message: IncomingMessage, body: Readable | null): GatewayRequest | GatewayError {
  const { headers, host, transferEncoding, expect } = requestFields(message.rawHeaders);
  const { method = "", url = "", httpVersion, socket } = message;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") {
    return new GatewayError("request-invalid", "The request is neither HTTP/1.1 nor HTTP/1.0.");
  }
  if (Array.isArray(host) || (host === null && httpVersion === "1.1")) {
    return new GatewayError("request-invalid", "The request has to have one Host field.");
  }
  const place = parseRequestTarget(method, url, host);
  if (place === null) return new GatewayError("request-invalid", "The request's target or host is no valid one.");
  if (expect !== null && !isContinue(expect)) return unknownExpectation();
  if (transferEncoding !== null) {
    if (typeof transferEncoding !== "string" || transferEncoding.toLowerCase() !== "chunked") {
      return new GatewayError("method-not-implemented", "The gateway knows no transfer coding but chunked.");
    }
    if (httpVersion !== "1.1" || headers["content-length"] !== undefined) {
      return new GatewayError("request-invalid", "The length of the request's content is ambiguous.");
    }
  }
  const length = headers["content-length"];
  if (length !== undefined) {
    // Node takes a number of up to 20 digits with zeros in front; others might not.
    if (typeof length !== "string" || length.length > 15) {
      return new GatewayError("request-too-large", "The request's content is longer than can be counted.");
    }
    headers["content-length"] = String(Number(length));
  }
  headers.host = place.authority;
  return {
    method,
    scheme: "encrypted" in socket ? "https" : "http",
    authority: place.authority,
    target: place.target,
    httpVersion,
    headers,
    body,
    clientAddress: clientAddress(socket),
  };
}

/** The address of a client; one of IPv4 in its own form even where the socket is one of IPv6. */
export function clientAddress({ remoteAddress }: { readonly remoteAddress?: string | undefined }): string | null {
  if (remoteAddress === undefined) return null;
  return remoteAddress.startsWith("::ffff:") && remoteAddress.includes(".") ? remoteAddress.slice(7) : remoteAddress;
}

/** Reports whether the client waits for `100 Continue`, and for nothing else. */
export function isContinue(expect: string | string[]): boolean {
  return typeof expect === "string" && expect.toLowerCase() === "100-continue";
}

/** What to answer to any other expectation. */
export function unknownExpectation(): GatewayError {
  return new GatewayError("request-invalid", "The gateway knows no expectation but 100-continue.");
}
