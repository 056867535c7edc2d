// Where an address leads: neighbours of the clause, and 复制 of the 款 or 项 that it names; or nowhere.
import { announce, el } from "../core/dom.js";
import { anchorIn, clauseName } from "./words.js";

function showNeighbours() {
  document.querySelectorAll(".kb-near,.kb-nowhere").forEach((n) => n.remove());
  const anchor = anchorIn(location.hash);
  const unit = anchor && document.getElementById(anchor);
  if (anchor && !unit) sayNowhere(anchor);
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

// An address that names a clause which is not here must not look like one that opened its document.
function sayNowhere(anchor) {
  const head = document.querySelector(".kb-head[data-kb-ref]");
  // where only notes are, their anchors come with them
  if (!head || !document.querySelector(".kb-clause")) return;
  const m = /^art-(\d+)(?:-(\d+))?(?:\.|$)/.exec(anchor);
  const name = m ? "第" + m[1] + "条" + (m[2] ? "之" + m[2] : "") : anchor;
  const words = "网址里的“" + name + "”不在这个版本里：可能条号写错了，或者它在别的版本里。";
  head.prepend(el("p", { class: "kb-warn kb-nowhere" }, [words]));
  announce(words);
}

/** Neighbours of the clause in the address, now and whenever it changes. */
export function wireNear() {
  showNeighbours();
  window.addEventListener("hashchange", showNeighbours);
}
