import { type ReactElement, useEffect, useRef } from "react";
import { AddBook } from "./add-book.tsx";
import { BookPage } from "./book-page.tsx";
import { type Place, usePlace, writePlace } from "./place.ts";
import { Receipt } from "./receipt.tsx";
import { Shelf } from "./shelf.tsx";
import { type Shop, type ShopInfo, useShop } from "./use-shop.ts";

/** The shop: where the visitor is, and what the page has asked so far. */
export function Bookshop({ info }: { readonly info: ShopInfo }): ReactElement {
  const shop = useShop(info);
  const place = usePlace();
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const address = writePlace(place);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place is read from its beginning
  useEffect(() => {
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [address]);
  return (
    <>
      <header className="sign">
        <a className="sign-name" href="#/shelf/0">
          The Bookshop <span>at {location.host}</span>
        </a>
        <nav aria-label="Shop">
          <a href="#/shelf/0" aria-current={place.kind === "shelf" ? "page" : undefined}>
            Shelves
          </a>
          <a href="#/add" aria-current={place.kind === "add" ? "page" : undefined}>
            Add a book
          </a>
        </nav>
      </header>
      <div className="rooms">
        <main ref={main} tabIndex={-1}>
          {room(shop, place)}
        </main>
        <Receipt shop={shop} />
      </div>
    </>
  );
}

function room(shop: Shop, place: Place): ReactElement {
  switch (place.kind) {
    case "shelf":
      return <Shelf shop={shop} offset={place.offset} />;
    case "book":
      return <BookPage key={place.title} shop={shop} title={place.title} />;
    case "add":
      return <AddBook shop={shop} />;
  }
}
