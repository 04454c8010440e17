/** A book as the API gives it. */
export interface Book {
  readonly title: string;
  readonly author: string;
  readonly year: number;
}

/** What the shop begins with. */
export const books: readonly Book[] = [
  { title: "Dune", author: "Frank Herbert", year: 1965 },
  { title: "Emma", author: "Jane Austen", year: 1815 },
  { title: "Momo", author: "Michael Ende", year: 1973 },
  { title: "The Dispossessed", author: "Ursula K. Le Guin", year: 1974 },
  { title: "Watchmen", author: "Alan Moore", year: 1987 },
];
