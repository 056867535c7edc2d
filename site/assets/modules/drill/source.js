// The source's own words beside ours: a clause with the parts that matter marked, its name, its
// validity on the reader's day.
import { chineseDate } from "../core/dates.js";
import { el, fill } from "../core/dom.js";
import { part } from "../core/site.js";
import { clauseUrl, validityWords } from "./bank.js";

/** Text as nodes, the stretches [start, end] of it in <mark>. */
export function marked(text, spans) {
  const out = [];
  let at = 0;
  spans
    .slice()
    .sort((a, b) => a[0] - b[0])
    .forEach(([start, end]) => {
      if (start < at || end > text.length) return;
      out.push(text.slice(at, start), el("mark", {}, [text.slice(start, end)]));
      at = end;
    });
  out.push(text.slice(at));
  return out;
}

/** {text, spans, cite} of a clause and of the parts of it that a card is about, from its page. */
async function clauseOf(version, id, units) {
  const data = await part(version.page + "clauses");
  const clause = id.slice(id.indexOf("#") + 1);
  const unit = data.units[clause];
  if (!unit) return null;
  const spans = unit[3].filter((p) => units.includes(p[0])).map((p) => [p[1], p[2]]);
  return { text: unit[1], spans, cite: unit[0] };
}

/** A figure with the clause's words, its citation and validity. */
export function quoted(text, spans, cite, version, id, day) {
  return el("figure", { class: "kb-quote" }, [
    el("figcaption", {}, [
      el("span", { class: "kb-quote-tag" }, ["原文"]),
      el("a", { href: clauseUrl(version, id) }, [cite]),
      el("span", { class: "kb-soft" }, ["　" + chineseDate(day) + "：" + validityWords(version, day)]),
    ]),
    el("blockquote", {}, marked(text, spans)),
  ]);
}

/** Put a card's source into a box when it has come. */
export async function showSource(box, card, version, day) {
  fill(box, [el("p", { class: "kb-soft" }, ["正在取原文……"])]);
  try {
    const found = await clauseOf(version, card.id, card.units);
    fill(box, [
      found
        ? quoted(found.text, found.spans, card.cite, version, card.id, day)
        : el("p", {}, [
            "本站没有收录这一条的原文：",
            el("a", { href: clauseUrl(version, card.id) }, [card.cite]),
          ]),
    ]);
  } catch (e) {
    fill(box, [
      el("p", { class: "kb-warn" }, [
        "原文没有读出来（" + e.message + "）。可以打开 ",
        el("a", { href: clauseUrl(version, card.id) }, [card.cite]),
      ]),
    ]);
  }
}
