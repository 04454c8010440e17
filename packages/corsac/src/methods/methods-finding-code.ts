/** `error`: a promise is broken. `warning`: something to mend that breaks less. `note`: it would help. */
export type MethodsSeverity = "error" | "note" | "warning";

interface Entry {
  readonly severity: MethodsSeverity;
  readonly title: string;
  /** A section of RFC 9110 by its anchor, or one of {@link documents}. */
  readonly spec: string;
  readonly change: string;
}

/** Documents beside RFC 9110. */
const documents: Readonly<Record<string, string>> = {
  "idempotency-key": "https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07",
  query: "https://www.rfc-editor.org/rfc/rfc10008",
  freshness: "https://httpwg.org/specs/rfc9111.html#heuristic.freshness",
};

const entries = {
  "safe-method-changes-state": {
    severity: "error",
    title: "a safe method changes state",
    spec: "safe.methods",
    change: "Move the change to POST, PUT, PATCH or DELETE; answer GET, HEAD, OPTIONS and QUERY from what is stored.",
  },
  "head-not-supported": {
    severity: "warning",
    title: "GET works and HEAD does not",
    spec: "HEAD",
    change: "Answer HEAD as GET, without the content.",
  },
  "head-differs-from-get": {
    severity: "error",
    title: "HEAD does not answer as GET does",
    spec: "HEAD",
    change: "Run the handler of GET for HEAD and leave out the content alone; send the same status and headers.",
  },
  "options-fails": {
    severity: "warning",
    title: "OPTIONS fails",
    spec: "OPTIONS",
    change: "Answer OPTIONS with 204 and an Allow header that lists the methods of the resource.",
  },
  "options-without-allow": {
    severity: "warning",
    title: "OPTIONS succeeds without an Allow header",
    spec: "OPTIONS",
    change: "Add Allow with the methods of the resource; Access-Control-Allow-Methods does not replace it.",
  },
  "allow-missing-in-405": {
    severity: "error",
    title: "405 comes without an Allow header",
    spec: "status.405",
    change: "Send Allow with every 405: the methods that the resource does support.",
  },
  "allow-lists-refused-method": {
    severity: "error",
    title: "Allow lists a method that the resource refuses",
    spec: "field.allow",
    change: "Derive Allow from the handlers that are there, not from a list kept beside them.",
  },
  "allow-omits-method": {
    severity: "error",
    title: "Allow leaves out a method of the resource",
    spec: "field.allow",
    change: "Derive Allow from the handlers that are there, HEAD for every GET included.",
  },
  "allow-inconsistent": {
    severity: "warning",
    title: "Allow of a 405 and Allow of OPTIONS differ",
    spec: "field.allow",
    change: "Write Allow in one place, and use it for both.",
  },
  "trace-enabled": {
    severity: "error",
    title: "TRACE is answered",
    spec: "TRACE",
    change: "Refuse TRACE with 405, in the server and in every proxy before it.",
  },
  "method-override-honoured": {
    severity: "error",
    title: "a header or parameter replaces the method",
    spec: "method.overview",
    change: "Remove the method override; clients can send every method.",
  },
  "unknown-method-server-error": {
    severity: "error",
    title: "an unknown method makes the server fail",
    spec: "status.501",
    change: "Answer methods that the server does not know with 501, others that the resource lacks with 405.",
  },
  "unknown-method-accepted": {
    severity: "error",
    title: "an unknown method is carried out as if it were another",
    spec: "status.501",
    change: "List the methods of each resource; answer 501 to what the server does not know, never with a default.",
  },
  "etag-malformed": {
    severity: "error",
    title: "the ETag is not an entity tag",
    spec: "field.etag",
    change: 'Put the tag into double quotes: ETag: "abc", or W/"abc" for a weak one.',
  },
  "etag-unstable": {
    severity: "warning",
    title: "the ETag changes although the content does not",
    spec: "field.etag",
    change:
      "Derive the tag from the content or from a version that changes with it, not from clock, chance or process.",
  },
  "etag-unchanged-after-change": {
    severity: "error",
    title: "the content changed and the ETag did not",
    spec: "field.etag",
    change: "Derive the tag from the whole representation, or from a version that every write increases.",
  },
  "if-none-match-ignored": {
    severity: "warning",
    title: "If-None-Match with the current ETag is not answered with 304",
    spec: "field.if-none-match",
    change: "Compare If-None-Match with the ETag before sending: 304 without content when they match.",
  },
  "if-none-match-compared-wrongly": {
    severity: "warning",
    title: "If-None-Match is compared as a string",
    spec: "field.if-none-match",
    change: "Parse the list, compare weakly (a leading W/ does not count), and let * match everything.",
  },
  "not-modified-wrongly": {
    severity: "error",
    title: "304 is sent although the client has another version",
    spec: "field.if-none-match",
    change: "Send 304 only when a tag in If-None-Match matches; with If-None-Match present, ignore If-Modified-Since.",
  },
  "not-modified-lacks-header": {
    severity: "warning",
    title: "304 lacks headers that 200 has",
    spec: "status.304",
    change: "Send with 304 the Cache-Control, Content-Location, ETag, Expires and Vary that 200 would have had.",
  },
  "if-modified-since-ignored": {
    severity: "note",
    title: "If-Modified-Since with the current Last-Modified is not answered with 304",
    spec: "field.if-modified-since",
    change: "Answer 304 when Last-Modified is not later than If-Modified-Since and there is no If-None-Match.",
  },
  "validators-missing": {
    severity: "note",
    title: "the answer has neither ETag nor Last-Modified",
    spec: "response.validator",
    change: "Send an ETag: clients then ask with 304 instead of the content, and If-Match prevents lost updates.",
  },
  "cache-control-missing": {
    severity: "note",
    title: "the answer does not say how long it may be kept",
    spec: "freshness",
    change: "Say it: Cache-Control: no-cache (ask each time), max-age=<seconds>, private or no-store.",
  },
  "query-without-content-type": {
    severity: "error",
    title: "QUERY without a Content-Type is carried out",
    spec: "query",
    change: "Answer QUERY without Content-Type with 400, and one of an unknown type with 415.",
  },
  "put-not-idempotent": {
    severity: "error",
    title: "the same PUT twice has another effect than once",
    spec: "idempotent.methods",
    change: "Store exactly what the request holds: no counting, no appending, no second resource.",
  },
  "put-merges": {
    severity: "error",
    title: "PUT keeps what the request left out",
    spec: "PUT",
    change: "Replace the whole representation; offer PATCH for changes of parts.",
  },
  "put-not-effective": {
    severity: "error",
    title: "PUT succeeds and nothing is stored",
    spec: "PUT",
    change: "Store before answering; answer 202 when it happens later, an error when it does not happen.",
  },
  "put-created-not-201": {
    severity: "warning",
    title: "PUT created a resource and did not answer 201",
    spec: "PUT",
    change: "Answer 201 when there was nothing before, 200 or 204 when something was replaced.",
  },
  "put-replaced-with-201": {
    severity: "warning",
    title: "PUT replaced a resource and answered 201",
    spec: "PUT",
    change: "Answer 200 or 204 when something was replaced, 201 only when there was nothing before.",
  },
  "delete-not-idempotent": {
    severity: "error",
    title: "the same DELETE twice has another effect than once",
    spec: "idempotent.methods",
    change: "Delete what the URL names and nothing else; answer 404, 410 or 204 when it is gone already.",
  },
  "delete-not-effective": {
    severity: "error",
    title: "DELETE succeeds and the resource is still there",
    spec: "DELETE",
    change: "Remove it before answering; answer 202 when that happens later, an error when it does not.",
  },
  "if-match-ignored": {
    severity: "error",
    title: "a write with an outdated If-Match is carried out",
    spec: "field.if-match",
    change: "Compare If-Match with the current ETag before writing, in one transaction: 412 when none matches.",
  },
  "if-match-weakly-compared": {
    severity: "warning",
    title: "If-Match accepts a weak entity tag",
    spec: "field.if-match",
    change: "Compare If-Match strongly: a tag with W/ never matches.",
  },
  "if-none-match-star-ignored": {
    severity: "error",
    title: "If-None-Match: * does not stop PUT from replacing",
    spec: "field.if-none-match",
    change: "Answer PUT with If-None-Match: * with 412 when the resource exists.",
  },
  "created-without-location": {
    severity: "warning",
    title: "201 to POST comes without Location",
    spec: "status.201",
    change: "Send Location with the URL of what was created.",
  },
  "location-not-found": {
    severity: "error",
    title: "Location of a 201 leads nowhere",
    spec: "field.location",
    change: "Send the URL under which GET finds what was created.",
  },
  "idempotency-key-executed-twice": {
    severity: "error",
    title: "POST with the same Idempotency-Key is executed twice",
    spec: "idempotency-key",
    change: "Store key and response in the transaction of the write; answer a repetition with the stored response.",
  },
  "idempotency-key-concurrent-executed-twice": {
    severity: "error",
    title: "two POSTs at once with the same Idempotency-Key are both executed",
    spec: "idempotency-key",
    change: "Claim the key in one atomic step before executing; answer the second request with 409 meanwhile.",
  },
  "idempotency-key-replay-differs": {
    severity: "warning",
    title: "the repetition with the same Idempotency-Key is answered differently",
    spec: "idempotency-key",
    change: "Store status, headers and body of the first response, and send those.",
  },
  "idempotency-key-reused-for-other-content": {
    severity: "error",
    title: "an Idempotency-Key is accepted again for other content",
    spec: "idempotency-key",
    change: "Keep a fingerprint of the request beside the key; answer 422 when it differs.",
  },
  "idempotency-key-not-required": {
    severity: "warning",
    title: "the Idempotency-Key is documented as required, and is not",
    spec: "idempotency-key",
    change: "Answer 400 when the key is missing, or document it as optional.",
  },
} as const;

/** Every code that a report of `verifyMethods` can carry. Stable. */
export type MethodsFindingCode = keyof typeof entries;

/** What is the same for every finding of one code. */
export interface MethodsFindingInfo {
  readonly severity: MethodsSeverity;
  /** One clause, without a full stop. */
  readonly title: string;
  /** The section that decides. */
  readonly spec: string;
  /** What to change. */
  readonly change: string;
  /** The page that explains it, as a path from the root of the repository. */
  readonly docs: string;
}

/** Severity, title, standard, change and page of every code. */
export const methodsFindingInfo: Readonly<Record<MethodsFindingCode, MethodsFindingInfo>> = Object.fromEntries(
  Object.entries<Entry>(entries).map(([code, { spec, ...rest }]) => [
    code,
    {
      ...rest,
      spec: documents[spec] ?? `https://httpwg.org/specs/rfc9110.html#${spec}`,
      docs: `docs/findings/${code}.md`,
    },
  ]),
) as Record<MethodsFindingCode, MethodsFindingInfo>;
