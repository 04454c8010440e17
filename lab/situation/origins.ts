/**
 * The lab's origins, each served by a real server on loopback.
 *
 * - `lab`: the page of the lab itself and its API.
 * - `bookshop`: the front end of the books API; `bookshopByAddress` is the same server under `127.0.0.1`.
 * - `books`: the books API, whose policy allows `bookshop` alone.
 * - `bench`: the API whose answers the visitor writes.
 * - `gateway`: the intermediary.
 * - `social`: a social network with a session cookie, on another site.
 * - `evil`: a page that means no good, on a site of its own.
 * - `weather`: an API abroad without any CORS header, on a site of its own.
 */
export type OriginName =
  | "bench"
  | "books"
  | "bookshop"
  | "bookshopByAddress"
  | "evil"
  | "gateway"
  | "lab"
  | "social"
  | "weather";

/** The serialized origin of each: the default one, or on another port where that was taken. */
export type LabOrigins = Readonly<Record<OriginName, string>>;

/** Where the origins are as long as every port is free. */
export const defaultOrigins: LabOrigins = {
  lab: "http://localhost:4400",
  // The books API's own policy file names this origin.
  bookshop: "http://localhost:3000",
  bookshopByAddress: "http://127.0.0.1:3000",
  books: "http://localhost:4000",
  bench: "http://localhost:4001",
  gateway: "http://localhost:8080",
  social: "http://social.localhost:4100",
  evil: "http://evil.localhost:6060",
  weather: "http://weather.localhost:4200",
};

/** What each is, for people. */
export const originTitles: Readonly<Record<OriginName, string>> = {
  lab: "the lab",
  bookshop: "the bookshop",
  bookshopByAddress: "the bookshop by its address",
  books: "the books API",
  bench: "the bench: an API that you write",
  gateway: "the gateway",
  social: "the social network",
  evil: "the evil site",
  weather: "the weather abroad",
};

/** The origins that have pages to ask from. */
export const pageNames = [
  "bookshop",
  "bookshopByAddress",
  "evil",
  "social",
  "weather",
  "lab",
] as const satisfies readonly OriginName[];

/** An origin that has pages to ask from. */
export type PageName = (typeof pageNames)[number];

/** The origins that can be asked. */
export const targetNames = ["bench", "books", "social", "weather"] as const satisfies readonly OriginName[];

/** An origin that can be asked. */
export type TargetName = (typeof targetNames)[number];
