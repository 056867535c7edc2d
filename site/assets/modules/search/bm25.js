// BM25 over the fields of the clause rows, as kb/lexical.py has it: the same counts give the same
// 32-bit scores, added up in the same order.
import { sums, unpack } from "./ints.js";

const LONGEST = 40; // bytes of a term; longer ones count by their head
const KEPT = 3000; // terms of a view whose scores are kept for the next query
const f32 = Math.fround;

/**
 * Scores and rarity of terms over the value of assets/kb/s/lexical; `vocabulary` are its terms, in
 * lines, `weights` go by view.
 *
 * Scores are {total, byField, ideal, ideals}: 32-bit arrays by row, and the most that any row could
 * have reached.
 */
export function openLexical(data, vocabulary, weights) {
  const rows = data.rows;
  const placeOf = openVocabulary(vocabulary);
  const views = data.views.map((v) => openView(v, rows, data.block, weights[v.name]));
  const byName = new Map(views.map((v) => [v.name, v]));

  /** Numbers of the terms that occur in a view, ascending, each once. */
  function find(view, terms) {
    const found = new Set();
    terms.forEach((term) => {
      const number = view.number(placeOf(term));
      if (number >= 0) found.add(number);
    });
    return Array.from(found).sort((a, b) => a - b);
  }

  return {
    rows,

    /** Scores of all rows for {words, pairs, chars}; repeated terms count once. */
    scores(query) {
      const total = new Float32Array(rows);
      const byField = {};
      const ideals = {};
      views.forEach((view) => {
        const found = view.weight ? find(view, query[view.grain]) : [];
        if (!found.length) return;
        const { scores, best } = view.scores(found);
        const weight = f32(view.weight);
        const sum = byField[view.field] || new Float32Array(rows);
        for (let i = 0; i < rows; i++) {
          if (scores[i] === 0) continue;
          const part = f32(scores[i] * weight);
          sum[i] += part;
          total[i] += part;
        }
        byField[view.field] = sum;
        ideals[view.field] = (ideals[view.field] || 0) + view.weight * best;
      });
      const ideal = Object.keys(ideals).reduce((sum, field) => sum + ideals[field], 0);
      return { total, byField, ideal, ideals };
    },

    /** Inverse document frequency of the words and pairs of a query that the texts have: a Map. */
    rarity(query) {
      const out = new Map();
      ["pairs", "words"].forEach((grain) => {
        const view = byName.get("text." + grain);
        if (!view) return;
        query[grain].forEach((term) => {
          const number = view.number(placeOf(term));
          if (number >= 0) out.set(term, rarityOf(rows, view.count(number)));
        });
      });
      return out;
    },
  };
}

const rarityOf = (rows, n) => Math.log(1 + (rows - n + 0.5) / (n + 0.5));

/** With some fields' scores of further words; what could be reached at best stays. */
export function plus(scores, other, weight, fields) {
  const total = Float32Array.from(scores.total);
  const byField = Object.assign({}, scores.byField);
  const added = new Float32Array(total.length);
  fields.forEach((field) => {
    const more = other.byField[field];
    if (!more) return;
    const sum = byField[field] ? Float32Array.from(byField[field]) : new Float32Array(total.length);
    for (let i = 0; i < more.length; i++) {
      const part = f32(f32(weight) * more[i]);
      sum[i] += part;
      added[i] += part;
    }
    byField[field] = sum;
  });
  for (let i = 0; i < total.length; i++) total[i] += added[i];
  return { total, byField, ideal: scores.ideal, ideals: scores.ideals };
}

/** One field in one grain; its postings are unpacked when a query asks for them. */
function openView(data, rows, block, weight) {
  const terms = unpack(data.terms); // from place to place, then the places themselves
  for (let i = 1; i < terms.length; i++) terms[i] += terms[i - 1];
  const counts = unpack(data.counts);
  const widths = unpack(data.at);
  const gapsAt = sums(widths.filter((_, i) => i % 2 === 0));
  const timesAt = sums(widths.filter((_, i) => i % 2 === 1));
  const lengths = unpack(data.lengths);
  const mean = lengths.reduce((sum, n) => sum + n, 0) / rows;
  const norms = Float64Array.from(lengths, (n) => data.k1 * (1 - data.b + (data.b * n) / mean));
  const [field, grain] = data.name.split(".");
  const kept = new Map();

  /** {where, scores, most} of a term: its rows, its score in each, the highest of them. */
  function postings(term) {
    const place = Math.floor(term / block);
    let from = 0;
    for (let i = place * block; i < term; i++) from += counts[i];
    const to = from + counts[term];
    const where = unpack(data.gaps, gapsAt[place], gapsAt[place + 1]).slice(from, to);
    const times = unpack(data.times, timesAt[place], timesAt[place + 1]);
    const idf = f32(rarityOf(rows, counts[term]));
    const scores = new Float32Array(where.length);
    let most = 0;
    for (let i = 0; i < where.length; i++) {
      if (i > 0) where[i] += where[i - 1];
      const n = times[from + i] + 1;
      scores[i] = idf * (n / (norms[where[i]] + n));
      if (scores[i] > most) most = scores[i];
    }
    return { where, scores, most };
  }

  return {
    name: data.name,
    field,
    grain,
    weight,
    count: (term) => counts[term],

    /** The number of the term at a place of the vocabulary; -1: it stands nowhere. */
    number(place) {
      const at = lowest(terms.length, (i) => terms[i] >= place);
      return place >= 0 && terms[at] === place ? at : -1;
    },

    /** Sum over some terms of each row's score, and of the best that any row has. */
    scores(found) {
      const out = new Float32Array(rows);
      let best = 0;
      found.forEach((term) => {
        if (!kept.has(term)) {
          if (kept.size >= KEPT) kept.clear();
          kept.set(term, postings(term));
        }
        const { where, scores, most } = kept.get(term);
        for (let i = 0; i < where.length; i++) out[where[i]] += scores[i];
        best += most;
      });
      return { scores: out, best };
    },
  };
}

/** (term) → its place among the lines of a text, which are in order; -1 where it is none. */
function openVocabulary(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const line = (i) => text.slice(starts[i], i + 1 < starts.length ? starts[i + 1] - 1 : text.length);
  return (term) => {
    const key = keyOf(term);
    const place = lowest(starts.length, (i) => line(i) >= key);
    return place < starts.length && line(place) === key ? place : -1;
  };
}

/** The lowest number below `count` that fits, where all above it fit too; `count` if none does. */
function lowest(count, fits) {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// the head of a long term, as UTF-8 cuts it: a cut character leaves its bytes as private use ones
function keyOf(term) {
  if (term.length * 3 <= LONGEST) return term;
  const bytes = new TextEncoder().encode(term);
  if (bytes.length <= LONGEST) return term;
  let whole = LONGEST;
  while ((bytes[whole] & 0xc0) === 0x80) whole--;
  let out = new TextDecoder().decode(bytes.subarray(0, whole));
  for (let i = whole; i < LONGEST; i++) out += String.fromCharCode(0xe000 + bytes[i]);
  return out;
}
