/** Reports whether a response of this status has no body. @see https://fetch.spec.whatwg.org/#null-body-status */
export function isNullBodyStatus(status: number): boolean {
  return status === 101 || status === 103 || status === 204 || status === 205 || status === 304;
}

/** Reports whether the status is 200 to 299. @see https://fetch.spec.whatwg.org/#ok-status */
export function isOkStatus(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** Reports whether the status answers a range request. @see https://fetch.spec.whatwg.org/#range-status */
export function isRangeStatus(status: number): boolean {
  return status === 206 || status === 416;
}

/** Reports whether a `Location` is followed. @see https://fetch.spec.whatwg.org/#redirect-status */
export function isRedirectStatus(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
