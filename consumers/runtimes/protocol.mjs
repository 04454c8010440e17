// What every runtime runs unchanged: nothing but @corsac/protocol and the language.
import {
  corsCheck,
  extractHeaderListValues,
  isCorsSafelistedMethod,
  originOf,
  serializeOrigin,
} from "@corsac/protocol";

function equal(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: expected ${expected}, got ${actual}`);
}

export function run() {
  const origin = serializeOrigin(originOf(new URL("https://bücher.example:443/shelf")));
  equal(origin, "https://xn--bcher-kva.example", "serialized origin");

  const verdict = (allowOrigin) => {
    const request = { serializedOrigin: origin, credentialsMode: "include" };
    const headers = [
      ["Access-Control-Allow-Origin", allowOrigin],
      ["Access-Control-Allow-Credentials", "true"],
    ];
    const check = corsCheck(request, { status: 200, headers });
    return check.ok ? "ok" : check.problem.code;
  };
  equal(verdict(origin), "ok", "the CORS check of the right origin");
  equal(verdict("*"), "allow-origin-wildcard-with-credentials", "the CORS check of the wildcard");
  equal(verdict("https://other.example"), "allow-origin-mismatch", "the CORS check of another origin");

  equal(isCorsSafelistedMethod("PUT"), false, "PUT is CORS-safelisted");
  const methods = extractHeaderListValues("Access-Control-Allow-Methods", [
    ["Access-Control-Allow-Methods", "PUT, DELETE"],
  ]);
  equal(methods.join(), "PUT,DELETE", "the extracted header list values");
}
