// The words that a search found, marked in the clause to which it led: ?hl=动火|审批#5.2.1.1.
//
// In the address, not in a store: some browsers keep a store for each file of a disk. It is taken
// out of the address at once, so that what is copied from there is the plain one.
import { showAddress } from "../core/address.js";
import { el } from "../core/dom.js";
import { SEPARATOR } from "./words.js";

const MOST = 12;
const LONGEST = 40;
const SKIP = ".kb-act,.kb-bar,.kb-pin,.kb-notes,.kb-back,.kb-near,.kb-conflict,.kb-no,button,script,mark";

/** The words in an address, cleaned: at most 12, none longer than 40 characters. */
export function wordsIn(address) {
  const given = new URL(address).searchParams.get("hl") || "";
  return given
    .split(SEPARATOR)
    .map((w) => w.trim())
    .filter((w) => w.length > 1 && w.length <= LONGEST)
    .slice(0, MOST);
}

// the text nodes of a clause, one after the other, with where each begins
function textOf(node) {
  const nodes = [];
  let text = "";
  const walk = (n) => {
    if (n.nodeType === 3) {
      nodes.push([n, text.length]);
      text += n.data;
    } else if (n.nodeType === 1 && !n.matches(SKIP)) n.childNodes.forEach(walk);
  };
  walk(node);
  return { nodes, text };
}

function spansOf(text, words) {
  const spans = [];
  words.forEach((word) => {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      spans.push([at, at + word.length]);
    }
  });
  spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  return spans.filter((s, i) => spans.slice(0, i).every((other) => s[0] >= other[1]));
}

/** Mark words in an element; the number of places. */
export function markWords(node, words) {
  const { nodes, text } = textOf(node);
  const spans = spansOf(text, words);
  nodes.forEach(([piece, from]) => {
    const own = spans
      .map(([a, b]) => [Math.max(a - from, 0), Math.min(b - from, piece.data.length)])
      .filter(([a, b]) => a < b);
    if (!own.length) return;
    const whole = piece.data;
    const out = [];
    let at = 0;
    own.forEach(([a, b]) => {
      out.push(whole.slice(at, a), el("mark", { class: "kb-hl" }, [whole.slice(a, b)]));
      at = b;
    });
    out.push(whole.slice(at));
    piece.replaceWith(...out.filter((x) => x !== ""));
  });
  return spans.length;
}

/** Take all marks away again. */
export function clearMarks(node) {
  node.querySelectorAll("mark.kb-hl").forEach((mark) => {
    const above = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    above.normalize();
  });
}

function plainAddress() {
  const url = new URL(location.href);
  url.searchParams.delete("hl");
  return url.href;
}

/** Mark what a search found, and offer to take the marks away. */
export function wireHighlight() {
  const words = wordsIn(location.href);
  if (!words.length) return;
  // the address would stay with the words: better no marks than a copied odd address
  if (!showAddress(plainAddress(), false)) return;
  let target = null;
  try {
    target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch (e) {
    return;
  }
  const clause = target && (target.closest(".kb-clause") || target);
  const count = clause ? markWords(clause, words) : 0;
  if (!count) return;
  const bar = el("p", { class: "kb-hl-bar" }, [
    "标出查到的字 " + count + " 处",
    el("button", { type: "button", class: "kb-button", onclick: clear }, ["清除标记"]),
  ]);
  function clear() {
    clearMarks(clause);
    bar.remove();
    document.removeEventListener("keydown", onKey);
    clause.setAttribute("tabindex", "-1");
    clause.focus({ preventScroll: true });
  }
  function onKey(e) {
    if (e.key === "Escape" && !e.defaultPrevented) clear();
  }
  document.addEventListener("keydown", onKey);
  document.body.append(bar);
}
