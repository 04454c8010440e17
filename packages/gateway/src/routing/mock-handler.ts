import type { MockTarget } from "../configuration/gateway-configuration.ts";
import type { Handler } from "../exchange/response-sink.ts";

/** Makes a handler that answers with what the configuration says, in the place of a service that does not exist yet. */
export function createMockHandler({ status, headers, body, delay }: MockTarget): Handler {
  return (request, sink) => {
    const answer = () => {
      sink.start({ status, statusText: "", headers: { ...headers, "content-length": String(body.byteLength) } });
      if (request.method !== "HEAD" && body.byteLength > 0) sink.write(body);
      sink.end(null);
    };
    if (delay === 0) return answer();
    const timer = setTimeout(answer, delay * 1000);
    sink.onAbort(() => clearTimeout(timer));
  };
}
