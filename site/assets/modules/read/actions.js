// What can be done with one clause: a small bar that comes with the mouse or the focus, and a
// button ⋯ where there is no mouse. It is made when it is first needed.
import { copy } from "../core/copy.js";
import { announce, el } from "../core/dom.js";
import { openShow } from "../drill/show.js";
import { keepButton } from "../keep/basket.js";
import { qrSvg } from "../keep/qr.js";
import { canRead, readAloud } from "./aloud.js";
import { hasNotes, toggleNote } from "./notes.js";
import { citationOf, citeOf, clauseId, clauseLines, clauseName, publishedAddress } from "./words.js";
import { slidesOf } from "./words.js";

const SHOWN = 2000; // milliseconds that a button says what it did

function say(button, words) {
  const before = button.dataset.words || button.textContent;
  button.dataset.words = before;
  button.textContent = words;
  announce(words);
  setTimeout(() => {
    button.textContent = before;
  }, SHOWN);
}

function onCopy(button) {
  const clause = button.closest(".kb-clause");
  const unit = button.dataset.unit && document.getElementById(button.dataset.unit);
  copy(citationOf(clause, unit)).then(
    () => say(button, "已复制"),
    () => say(button, "复制不了，请选中文字后复制")
  );
}

function toggleCode(clause, button) {
  const old = clause.querySelector(".kb-code");
  button.setAttribute("aria-expanded", String(!old));
  if (old) {
    old.remove();
    return;
  }
  const address = publishedAddress(clause.id);
  const code = el("figure", { class: "kb-code" }, [
    qrSvg(address),
    el("figcaption", {}, [citeOf(clause)]),
  ]);
  clause.append(code);
}

function button(words, run, attrs) {
  return el("button", Object.assign({ type: "button", onclick: run }, attrs || {}), [words]);
}

function barOf(clause) {
  const old = clause.querySelector(".kb-clause-bar");
  if (old) return old;
  const id = clauseId(clause);
  const project = () => openShow(document.querySelector("h1").textContent.trim(), slidesOf(clause));
  const bar = el("div", { class: "kb-act kb-clause-bar", role: "group" }, [
    el("button", { type: "button", class: "kb-cp" }, ["复制引用"]),
    id ? keepButton(id) : null,
    hasNotes() ? button("要点", () => toggleNote(clause), { class: "kb-note-ask" }) : null,
    canRead()
      ? button("朗读", (e) => readAloud(e.target, [clauseName(clause)].concat(clauseLines(clause))))
      : null,
    button("投影", project),
    publishedAddress(clause.id)
      ? button("二维码", (e) => toggleCode(clause, e.target), { "aria-expanded": "false" })
      : null,
  ]);
  bar.setAttribute("aria-label", clauseName(clause) + "：操作");
  clause.querySelector(".kb-dots").after(bar);
  return bar;
}

function addDots(clause) {
  const dots = el(
    "button",
    {
      type: "button", class: "kb-act kb-dots", "aria-expanded": "false",
      "aria-label": clauseName(clause) + "：操作",
    },
    ["⋯"]
  );
  dots.addEventListener("click", () => {
    barOf(clause);
    const open = clause.classList.toggle("kb-acting");
    dots.setAttribute("aria-expanded", String(open));
  });
  clause.querySelector(".kb-no").after(dots);
}

const clauseOf = (e) => e.target.closest && e.target.closest(".kb-clause");

/** Bars of the clauses, and every 复制 of the page. */
export function wireActions() {
  document.addEventListener("click", (e) => {
    const copying = e.target.closest && e.target.closest(".kb-cp");
    if (copying) onCopy(copying);
  });
  const clauses = document.querySelectorAll(".kb-clause");
  clauses.forEach(addDots);
  if (!clauses.length) return;
  const come = (e) => {
    const clause = clauseOf(e);
    if (clause) barOf(clause);
  };
  if (window.matchMedia("(hover: hover)").matches) document.addEventListener("mouseover", come);
  document.addEventListener("focusin", come);
}
