// Where a line of Chinese may end: no closing mark begins a line, no opening mark ends one, and a
// figure stays with its unit. Browsers do this for pages; a picture has to do it itself.

// the blank of a question, a standard's number, a figure (or a range) with its unit, a run of letters, a pair of dashes
const UNIT =
  "(?:个工作日|工作日|个月|小时|分钟|万元|毫米|厘米|千米|公里|千瓦|兆帕|千克" +
  "|[A-Za-z%％‰°℃Ωμ]+(?:[/·][A-Za-z0-9²³]+)*[²³]?|[年月日天周时分秒米吨台人次元倍度个条款项号处级名])";
const FIGURE = "[0-9０-９]+(?:[.．:：/][0-9０-９]+)*[ \\u00a0]?" + UNIT + "?";
const WHOLE = new RegExp(
  [
    "（[ \\u3000]+）",
    "[A-Z]{2,4}(?:/[A-Z])?[ \\u00a0]?[0-9]+(?:\\.[0-9]+)*(?:[—-][0-9]{4})?",
    "[≥≤＞＜><±＋+]?" + FIGURE + "(?:[～~—–-]" + FIGURE + ")?",
    "[A-Za-z]+(?:[’'._-]?[A-Za-z0-9]+)*",
    "——|……|_{2,}",
  ].join("|"),
  "g"
);
const NO_START = "，。、；：？！）》〉」』”’】〕｝…—～·％,.;:?!)]}%‰℃";
const NO_END = "（《〈「『“‘【〔｛([{";

/** A text in stretches [words, whether no line may end within], whole figures apart. */
export function stretches(text) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(WHOLE)) {
    if (m.index > at) out.push([text.slice(at, m.index), false]);
    out.push([m[0], true]);
    at = m.index + m[0].length;
  }
  if (at < text.length) out.push([text.slice(at), false]);
  return out;
}

/** The pieces of a text that no line break may divide; white space stands alone. */
export function atoms(text) {
  const pieces = [];
  stretches(text).forEach(([words, whole]) => {
    if (whole) pieces.push(words);
    else Array.from(words).forEach((c) => pieces.push(c));
  });
  const out = [];
  let open = ""; // opening marks that wait for what they open
  pieces.forEach((piece) => {
    if (NO_END.includes(piece)) {
      open += piece;
    } else if (out.length && !open && NO_START.includes(piece[0]) && !/\s$/.test(out[out.length - 1])) {
      out[out.length - 1] += piece;
    } else {
      out.push(open + piece);
      open = "";
    }
  });
  if (open) out.push(open);
  return out;
}

/**
 * A text as lines no wider than `width`; `measure(words)` tells a width. Line breaks of the text
 * are kept; an atom wider than a line is divided, there is no other way.
 */
export function linesOf(text, width, measure) {
  const out = [];
  text.split("\n").forEach((paragraph) => {
    const lines = [[]];
    const add = (piece) => {
      const line = lines[lines.length - 1];
      if (line.length && measure(line.join("") + piece) > width) lines.push([piece]);
      else line.push(piece);
    };
    atoms(paragraph).forEach((atom) => {
      const blank = /^\s+$/.test(atom);
      const line = lines[lines.length - 1];
      if (blank && (!line.length || measure(line.join("") + atom) > width)) return;
      if (measure(atom) <= width) add(atom);
      else Array.from(atom).forEach(add);
    });
    // one character alone on the last line takes the one before it along
    const last = lines[lines.length - 1];
    const before = lines[lines.length - 2];
    if (before && before.length > 4 && last.length === 1 && Array.from(last[0]).length < 3) last.unshift(before.pop());
    lines.forEach((line) => out.push(line.join("").replace(/\s+$/, "")));
  });
  return out;
}

/**
 * A text in pieces that stand alone, from coarse to fine: its lines (款, 项), then sentences, then
 * half sentences, then stretches of `least` characters. `level` 0 to 3.
 */
export function piecesOf(text, level, least) {
  const lines = text.split("\n").filter((x) => x.trim());
  if (level === 0) return lines;
  const ends = level === 1 ? "。；！？" : "。；！？，、：";
  const out = [];
  lines.forEach((line) => {
    let piece = "";
    atoms(line).forEach((atom) => {
      piece += atom;
      const last = atom.replace(/[”’）》」』】〕]+$/, "").slice(-1);
      if (level < 3 ? last && ends.includes(last) : piece.length >= least) {
        out.push(piece);
        piece = "";
      }
    });
    if (piece.trim()) out.push(piece);
  });
  return out;
}
