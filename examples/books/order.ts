import { type Fault, Problem, unknownMembers } from "./problem.ts";

/** What somebody wants to have. */
export interface OrderRequest {
  readonly title: string;
  readonly copies: number;
}

/** What was ordered. An order never changes. */
export interface Order extends OrderRequest {
  readonly id: string;
  /** ISO 8601, in UTC. */
  readonly placedAt: string;
}

/** The most copies of a book in one order. */
export const mostCopies = 99;

/**
 * Reads an order.
 *
 * @param isSold tells whether the shop has a book
 * @throws {Problem} 422 with everything that is wrong
 */
export function parseOrder(value: unknown, isSold: (title: string) => boolean): OrderRequest {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidOrder([{ pointer: "#", detail: "is an object with title and copies" }]);
  }
  const { title, copies, ...others } = value as Record<string, unknown>;
  const errors = unknownMembers(others, "is no member of an order");
  if (typeof title !== "string" || !isSold(title)) {
    errors.push({ pointer: "#/title", detail: "is the title of a book of the shop" });
  }
  if (typeof copies !== "number" || !Number.isInteger(copies) || copies < 1 || copies > mostCopies) {
    errors.push({ pointer: "#/copies", detail: `is a whole number from 1 to ${mostCopies}` });
  }
  if (errors.length > 0) throw invalidOrder(errors);
  return { title: title as string, copies: copies as number };
}

function invalidOrder(errors: readonly Fault[]): Problem {
  return new Problem(422, "invalid-order", "This is no order.", { errors });
}
