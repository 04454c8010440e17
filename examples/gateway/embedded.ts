import { createGateway, GatewayConfigurationError } from "@corsac/gateway";

const gateway = createGateway({
  policy: { origins: ["https://app.example"] },
  routes: [
    { path: "/books/*", upstream: "http://127.0.0.1:4000" },
    { path: "/reviews", mock: { body: [{ stars: 5 }] } },
  ],
});

// A request without a socket, for tests and for programs that have a server already.
const request = new Request("http://localhost/reviews", { headers: { Origin: "https://app.example" } });
const response = await gateway.fetch(request);
console.log(response.status, response.headers.get("access-control-allow-origin"), await response.json());

// From now on; what is under way ends as it began.
gateway.replace({ mock: { status: 503 }, policy: { origins: "*" } });
console.log((await gateway.fetch(request)).status);

try {
  gateway.replace({ upstrem: "https://api.example" } as object);
} catch (error) {
  if (error instanceof GatewayConfigurationError) console.log(error.message);
}
await gateway.close();
