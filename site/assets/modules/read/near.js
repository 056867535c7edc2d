// Where an address leads: neighbours of the clause, and 复制 of the 款 or 项 that it names.
import { el } from "../core/dom.js";
import { anchorIn, clauseName } from "./words.js";

function showNeighbours() {
  document.querySelectorAll(".kb-near").forEach((n) => n.remove());
  const anchor = anchorIn(location.hash);
  const unit = anchor && document.getElementById(anchor);
  const clause = unit && unit.closest(".kb-clause");
  if (!clause || !clause.querySelector(".kb-body")) return;
  const all = Array.from(document.querySelectorAll(".kb-clause"));
  const at = all.indexOf(clause);
  const bar = el("nav", { class: "kb-near", "aria-label": "相邻条款" });
  [["‹ ", all[at - 1]], ["› ", all[at + 1]]].forEach(([sign, other]) => {
    if (other) bar.append(el("a", { href: "#" + other.id }, [sign + clauseName(other)]));
  });
  if (unit !== clause && unit.dataset.n) {
    const words = "复制" + unit.dataset.n.trim();
    bar.append(el("button", { type: "button", class: "kb-cp", "data-unit": unit.id }, [words]));
  }
  clause.querySelector(".kb-body").append(bar);
}

/** Neighbours of the clause in the address, now and whenever it changes. */
export function wireNear() {
  showNeighbours();
  window.addEventListener("hashchange", showNeighbours);
}
