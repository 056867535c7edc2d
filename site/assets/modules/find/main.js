// Finding: the search box of every page, the search page, and the words that it leads to.
import { wireBox } from "./box.js";
import { wireHighlight } from "./highlight.js";
import { wirePage } from "./page.js";

/** Finding: the search box of every page and the search page. */
export function wireFind() {
  const page = document.querySelector("[data-kb-find]");
  document.querySelectorAll("form.kb-q").forEach(wireBox);
  if (page) wirePage(page);
  else document.querySelectorAll(".kb-search-form").forEach(wireBox);
  wireHighlight();
}
