import "./bookshop.css";
import { createRoot } from "react-dom/client";
import { Bookshop } from "./bookshop.tsx";

const element = document.getElementById("bookshop");
if (element !== null) {
  const { books = "", lab = "", home = "" } = element.dataset;
  createRoot(element).render(<Bookshop info={{ books, lab, home }} />);
}
