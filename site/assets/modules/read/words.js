// The words of a clause as the page shows them, and how it is cited.
import { ON_DISK, publishedUrl, sitePath } from "../core/site.js";
import { statusWords } from "./status.js";

const NOT_TEXT = ".kb-back,.kb-act,.kb-pin,.kb-no,.kb-near,.kb-conflict,.kb-notes,summary,button";
const BLOCKS = /^(P|LI|TR|CAPTION|DIV|UL|TABLE|THEAD|TBODY|SECTION)$/;

/** Lines of text as they are read, without controls; a table row is one line. */
export function linesOf(node) {
  const lines = [];
  let line = "";
  const end = () => {
    if (line.trim()) lines.push(line.trim());
    line = "";
  };
  // the first paragraph of an item goes on behind its label
  const goesOn = (n) =>
    n.matches(".kb-t") ||
    (n.tagName === "P" && n.parentNode.matches(".kb-t") && n === n.parentNode.firstElementChild);
  const walk = (n) => {
    if (n.nodeType === 3) {
      line += n.data.replace(/\s*\n\s*/g, "");
      return;
    }
    if (n.nodeType !== 1 || n.matches(NOT_TEXT)) return;
    if (n.tagName === "BR") {
      end();
      return;
    }
    const block = BLOCKS.test(n.tagName);
    if (block && !goesOn(n)) end();
    n.childNodes.forEach(walk);
    if (/^(TD|TH)$/.test(n.tagName) && n.nextElementSibling) line += " | ";
    if (block) end();
  };
  walk(node);
  return lines;
}

/** All lines of a clause, its title first. */
export function clauseLines(clause) {
  const title = clause.querySelector(".kb-no .kb-h");
  const lines = linesOf(clause.querySelector(".kb-body"));
  return (title ? [title.textContent] : []).concat(lines);
}

/** The lasting address of an anchor of this page: it names the version. */
export function permalink(anchor) {
  const head = document.querySelector("[data-kb-permalink]");
  const base = new URL(head ? head.dataset.kbPermalink : "./", location.href.split("#")[0]);
  const folder = base.href.replace(/index\.html$/, "");
  return folder + (base.protocol === "file:" ? "index.html#" : "#") + anchor;
}

/** The published address of an anchor of this page; empty where the site was built without one. */
export function publishedAddress(anchor) {
  const page = sitePath(permalink(anchor));
  return page === null ? "" : publishedUrl(page + "#" + encodeURIComponent(anchor));
}

/** An address to give away: a disk's would name the reader's folders and lead nobody else there. */
export const addressToGive = (anchor) => (ON_DISK ? publishedAddress(anchor) : permalink(anchor));

/** How a clause is cited: 《…法》第三条. */
export function citeOf(clause) {
  const head = document.querySelector("[data-kb-cite]");
  return clause.dataset.c || (head ? head.dataset.kbCite : "") + clauseName(clause);
}

/** Citation, status of today, text and, where others can follow it, address of a clause or a part. */
export function citationOf(clause, unit) {
  const name = citeOf(clause) + (unit ? unit.dataset.n : "");
  const lines = unit ? linesOf(unit) : clauseLines(clause);
  const address = addressToGive((unit || clause).id);
  return [name + statusWords()].concat(lines, address || []).join("\n");
}

/** A clause to be projected: its lines, each with the citation and its status of today. */
export const slidesOf = (clause) =>
  clauseLines(clause).map((text) => ({ text, cite: citeOf(clause) + statusWords() }));

/** doc@date#clause of a clause of this page; empty on a page that names no version. */
export function clauseId(clause) {
  const head = document.querySelector("[data-kb-ref]");
  return head ? head.dataset.kbRef + "#" + clause.id : "";
}

/** What people call a clause: 第三条. */
export function clauseName(clause) {
  return clause.querySelector(".kb-no a").textContent.trim();
}

/** The anchor of a hash or an address; empty where it has none that can be read. */
export function anchorIn(address) {
  const at = address.indexOf("#");
  try {
    return at < 0 ? "" : decodeURIComponent(address.slice(at + 1));
  } catch (e) {
    return ""; // %zz
  }
}
