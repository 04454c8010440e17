import type { IdempotencyKeyOptions } from "../src/idempotency/index.ts";
import type { RunningServer } from "./application.ts";

/** What the application answers. */
export interface OrderReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A list is sent piece by piece. */
  readonly body?: string | readonly string[];
}

/** Takes orders; what it does, it counts. */
export interface OrderApplication {
  /** How often orders have been carried out. */
  readonly executions: () => number;
  /** Called when an order is being carried out. */
  onExecution: () => Promise<void> | void;
  answer(path: string, body: string, idempotency: { readonly attempt: number } | null): Promise<OrderReply>;
}

/** Builds the application in a framework, with keys in front of it. */
export interface OrderHarness {
  readonly name: string;
  readonly http2?: true;
  start(application: OrderApplication, options: IdempotencyKeyOptions<unknown>): Promise<RunningServer>;
}

/** An answer of this length is too long for the tests' limit. */
export const largeLength = 5000;

export function createOrderApplication(): OrderApplication {
  let executions = 0;
  const application: OrderApplication = {
    executions: () => executions,
    onExecution: () => {},
    async answer(path, body, idempotency) {
      executions += 1;
      const number = executions;
      await application.onExecution();
      switch (path) {
        case "/fails":
          if (number === 1) throw new Error("the warehouse is on fire");
          return { status: 201, body: "second try" };
        case "/busy":
          return number === 1 ? { status: 503, body: "busy" } : { status: 201, body: "second try" };
        case "/invalid":
          return { status: 422, headers: { "content-type": "application/problem+json" }, body: '{"title":"no"}' };
        case "/empty":
          return { status: 204, headers: { "x-number": `${number}` } };
        case "/large":
          return { status: 200, headers: { location: "/orders/7" }, body: "x".repeat(largeLength) };
        case "/pieces":
          return { status: 200, headers: { "content-type": "text/plain" }, body: ["one, ", "two, ", "€ three"] };
        default:
          return {
            status: 201,
            headers: {
              "content-type": "application/json",
              location: `/orders/${number}`,
              "set-cookie": "session=secret",
              "access-control-allow-origin": "https://stored.example",
            },
            body: JSON.stringify({ number, body, attempt: idempotency?.attempt ?? 0 }),
          };
      }
    },
  };
  return application;
}
