// One result in the shape of the JSON contract: kb/search/hit.py and what the searcher adds.
import { bestPart, match } from "./match.js";

const ASTRAL = /[\ud800-\udbff]/;
const round = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;

/**
 * A hit without its rank.
 *
 * `found` has row, named ({reference, located} or null), and what openEngine worked out of the
 * query; `pages` has what the version's data files say of the clause: {unit, note, extra}.
 */
export function makeHit(found, pages, shelf, tokenizer) {
  const { row, named, words, fused, day, notices } = found;
  const s = shelf.settings;
  const version = shelf.version(row);
  const clause = shelf.clause(row);
  const status = shelf.statuses(day)[version.place];
  const parts = partsOf(clause.id, pages);
  const why = {};
  let score = 1;
  let unit = clause.id;
  let spans = [];
  if (named) {
    if (named.located) {
      why.citation = named.reference.raw;
      if (named.located.note) why.note = named.located.note;
      unit = named.located.unit;
      spans = parts.filter((p) => p.depth > 0 && p.id === unit).map((p) => [p.start, p.end]);
    } else {
      why.document = named.reference.raw;
    }
  } else {
    score = shareOf(words.scores, fused, row);
    const matched = match(tokenizer, pages.text, words.words, words.rarity, s);
    explain(why, matched, found);
    spans = matched.spans;
    // one 款 only: the clause says enough
    if (matched.marks.length && pages.text.includes("\n")) {
      unit = bestPart(parts, matched.marks, words.rarity, s);
    }
    if (pages.note && found.said >= 0) {
      why.phrase = found.said ? pages.note.lay[found.said - 1] : pages.note.gist;
    }
  }
  if (words.cut) why.truncated = words.cut;
  if (notices.length) why.notice = notices[0];
  const hit = {
    score: round(score, 4),
    id: version.doc.id + "#" + clause.id,
    version: version.version,
    unit,
    doc: Object.assign({}, version.doc, { status }),
    clause: clause.name,
    path: clause.path,
    text: pages.text || null,
    gist: pages.note ? pages.note.gist : null,
    citation: version.cite[s.cited_plain.includes(status) ? 0 : 1] + clause.cited,
    url: version.page + "#" + clause.id,
    in_force: version.inForce || s.start_unknown,
    why,
    highlights: spans,
  };
  if (pages.extra.conflicts) hit.conflicts = pages.extra.conflicts;
  if (pages.extra.errata) {
    const place = placesIn(pages.text);
    hit.errata = pages.extra.errata.map((x) =>
      Object.assign({}, x, { start: place(x.start), end: place(x.end) })
    );
  }
  return hit;
}

function explain(why, matched, { row, words, fused }) {
  why.matched = matched.words;
  if (matched.figures.length) why.figures = matched.figures;
  if (words.meant.size) {
    why.terms = {};
    words.meant.forEach((terms, word) => {
      why.terms[word] = terms;
    });
  }
  if (words.scores) {
    const { total, byField } = words.scores;
    why.fields = {};
    Object.keys(byField).forEach((field) => {
      if (byField[field][row] > 0) why.fields[field] = round(byField[field][row] / total[row], 2);
    });
  }
  if (fused.cosine) why.meaning = round(fused.cosine[row], 2);
}

// how well a row answers, 0–1: its share of the best possible words, mixed with its cosine
function shareOf(scores, fused, row) {
  const words = scores && scores.ideal > 0 ? Math.min(1, scores.total[row] / scores.ideal) : 0;
  if (!fused.cosine) return words;
  return (1 - fused.meaning) * words + fused.meaning * fused.cosine[row];
}

// --- what the data files of a page say --------------------------------------------------------

/** {text, spans, note, extra} of a clause, out of the values of clauses, notes and extras. */
export function pagesOf(id, { clauses, notes, extras }) {
  const unit = (clauses && clauses.units[id]) || ["", "", 0, []];
  const extra = (extras && extras[id]) || {};
  const note = notes && notes.notes[id];
  const shift = extra.shift || 0; // a heading that stands before the text
  return {
    text: unit[1].slice(shift),
    spans: unit[3].map((p) => [p[0], p[1] - shift, p[2] - shift]),
    note: note && note.gist !== undefined ? note : null,
    extra,
  };
}

// the clause and what is below it, with the depth that ids tell
function partsOf(id, { text, spans }) {
  const place = placesIn(text);
  const out = [{ id, start: 0, end: text.length, depth: 0 }];
  spans.forEach(([part, start, end]) => {
    let above = out[0];
    out.forEach((p) => {
      const joint = part.startsWith(p.id) ? part[p.id.length] : "";
      if ((joint === "." || joint === "-") && p.id.length > above.id.length) above = p;
    });
    out.push({ id: part, start: place(start), end: place(end), depth: above.depth + 1 });
  });
  return out;
}

// Python counts characters, JavaScript UTF-16 units
function placesIn(text) {
  if (!ASTRAL.test(text)) return (at) => at;
  const signs = Array.from(text);
  return (at) => signs.slice(0, at).join("").length;
}
