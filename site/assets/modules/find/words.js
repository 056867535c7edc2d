// How a hit is said: its name, marks, snippet, why it was found, its address with the words found.
import { el } from "../core/dom.js";
import { pageUrl } from "../core/site.js";

const SNIPPET = 130;
const BEFORE = 36; // characters before the first mark
const MOST_WORDS = 12;
const LONGEST_WORD = 40;
/** What parts the words in ?hl=. */
export const SEPARATOR = "|";

/** 《安全生产法》 or GB 16423-2020 金属非金属矿山安全规程. */
export function documentName(doc) {
  return doc.kind === "standard" ? doc.short + " " + doc.title : "《" + doc.short + "》";
}

/** 《安全生产法》第三条, GB 16423-2020 金属非金属矿山安全规程 5.2.2.2. */
export const joined = (name, clause) => name + (name.endsWith("》") ? "" : " ") + clause;

/** What a hit is called. */
export const titleOf = (hit) => joined(documentName(hit.doc), hit.clause);

/** The stretches of a hit's text that answer the query: [[start, end]] in order, apart. */
export function marksOf(hit) {
  const text = hit.text || "";
  const spans = Array.isArray(hit.highlights) ? hit.highlights : [];
  const out = [];
  spans
    .filter((s) => s[0] < s[1] && s[1] <= text.length)
    .sort((a, b) => a[0] - b[0])
    .forEach(([start, end]) => {
      const last = out[out.length - 1];
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else out.push([start, end]);
    });
  return out;
}

/** Nodes of text[from:to] with its marks. */
export function marked(text, marks, from, to) {
  const out = [];
  let at = from;
  marks.forEach(([start, end]) => {
    const a = Math.max(start, at);
    const b = Math.min(end, to);
    if (a >= b) return;
    out.push(text.slice(at, a), el("mark", {}, [text.slice(a, b)]));
    at = b;
  });
  out.push(text.slice(at, to));
  return out;
}

/** The stretch of a text in which most marks stand; all of a short one. */
export function windowOf(text, marks, size) {
  const width = size || SNIPPET;
  if (text.length <= width * 1.3) return [0, text.length];
  let best = [0, -1];
  marks.forEach(([start]) => {
    const from = Math.max(0, Math.min(start - BEFORE, text.length - width));
    const inside = marks.filter((m) => m[0] >= from && m[1] <= from + width);
    const length = inside.reduce((sum, m) => sum + m[1] - m[0], 0);
    if (length > best[1]) best = [from, length];
  });
  return [best[0], best[0] + width];
}

/** The best stretch of a hit's text, with marks and dots where it is cut. */
export function snippet(hit, size) {
  const text = hit.text.replace(/\n/g, " ");
  const marks = marksOf(hit);
  const [from, to] = windowOf(text, marks, size);
  return [from ? "……" : "", ...marked(text, marks, from, to), to < text.length ? "……" : ""];
}

/** Whether the snippet leaves anything out. */
export const isCut = (hit) => {
  const [from, to] = windowOf(hit.text, marksOf(hit));
  return from > 0 || to < hit.text.length;
};

/** All of a hit's text, a paragraph a line. */
export function wholeText(hit) {
  const marks = marksOf(hit);
  let at = 0;
  return hit.text.split("\n").map((line) => {
    const from = at;
    at += line.length + 1;
    return el("p", {}, marked(hit.text, marks, from, from + line.length));
  });
}

/** Why a hit is there, in words: {kind: citation|document|phrase|words, text}. */
export function whyOf(hit) {
  const why = hit.why || {};
  if (why.citation) return { kind: "citation", text: "按条号找到" + (why.note ? "：" + why.note : "") };
  if (why.document) return { kind: "document", text: "文件名相符" };
  if (why.phrase && why.phrase !== hit.gist) {
    return { kind: "phrase", text: "问法相近：“" + why.phrase + "”" };
  }
  const words = why.matched || why.words || [];
  if (words.length) return { kind: "words", text: "含有：" + words.slice(0, 8).join("、") };
  return { kind: "words", text: why.meaning ? "意思相近" : "" };
}

/** What site words of the query stand for: 打眼 → 凿岩. */
export function termsOf(hit) {
  const terms = (hit.why && hit.why.terms) || {};
  return Object.keys(terms).map((word) => word + " → " + terms[word].join("、"));
}

function wordsFound(hit) {
  const text = hit.text || "";
  const seen = new Set();
  marksOf(hit).forEach(([start, end]) => {
    text.slice(start, end).split(/[\n|]/).forEach((word) => {
      if (word.trim().length > 1) seen.add(word.trim().slice(0, LONGEST_WORD));
    });
  });
  return Array.from(seen).slice(0, MOST_WORDS);
}

/** The address of a hit's clause, with the words to mark there. */
export function addressOf(hit) {
  const [path, anchor] = new URL(hit.url, pageUrl("")).href.split("#");
  const words = wordsFound(hit);
  const query = words.length ? "?hl=" + encodeURIComponent(words.join(SEPARATOR)) : "";
  return path + query + (anchor ? "#" + anchor : "");
}

/** doc@date#clause, what is stored. */
export function storedId(hit) {
  const clause = hit.id.slice(hit.id.indexOf("#"));
  return hit.doc.id + "@" + hit.version + clause;
}

/** The mark of a status. */
export function badge(status) {
  return el("span", { class: "kb-find-s", "data-s": status }, [
    el("span", { class: "kb-badge" }, [status]),
  ]);
}
