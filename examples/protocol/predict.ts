import { CorsPreflightCache, createRequest, mainFetch, originOf, preflightReasons } from "@corsac/protocol";

const origin = originOf(new URL("https://app.example/"));
const request = createRequest(new URL("https://api.example/books/Dune"), null, origin, {
  method: "PUT",
  headers: [["Content-Type", "application/json"]],
});
console.log(preflightReasons(request));

// mainFetch does no I/O: it yields what would go on the wire and is fed what came back.
const context = { preflightCache: new CorsPreflightCache({ now: Date.now }), registrableDomain: () => null };
const fetching = mainFetch(request, context);
console.log(fetching.next().value?.kind);
const headers = [
  ["Access-Control-Allow-Origin", "https://app.example"],
  ["Access-Control-Allow-Methods", "PUT"],
] as const;
const last = fetching.next({ kind: "response", status: 204, statusText: "", headers, body: null });
if (last.done && last.value.kind === "network-error") console.log(last.value.problem);
