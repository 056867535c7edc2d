// BM25 over the fields of the clause rows, as kb/lexical.py has it: the same counts give the same
// 32-bit scores, added up in the same order.
import { unpack } from "./ints.js";

const LONGEST = 40; // bytes of a term; longer ones count by their head
const f32 = Math.fround;

/**
 * Scores and rarity of terms over the value of assets/kb/s/lexical; `weights` by view.
 *
 * Scores are {total, byField, ideal, ideals}: 32-bit arrays by row, and the most that any row could
 * have reached.
 */
export function openLexical(data, weights) {
  const rows = data.rows;
  const places = new Map();
  data.terms.split("\n").forEach((term, i) => places.set(term, i));
  const views = data.views.map((v) => makeView(v, rows, weights[v.name]));
  const byName = new Map(views.map((v) => [v.name, v]));

  /** Places of the terms that occur in a view, ascending, each once. */
  function find(view, terms) {
    const found = new Set();
    terms.forEach((term) => {
      const place = places.get(keyOf(term));
      if (place !== undefined && view.starts[place + 1] > view.starts[place]) found.add(place);
    });
    return Uint32Array.from(found).sort();
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
          const place = places.get(keyOf(term));
          const n = place === undefined ? 0 : view.starts[place + 1] - view.starts[place];
          if (n > 0) out.set(term, Math.log(1 + (rows - n + 0.5) / (n + 0.5)));
        });
      });
      return out;
    },
  };
}

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

function makeView(data, rows, weight) {
  const counts = unpack(data.counts);
  const starts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) starts[i + 1] = starts[i] + counts[i];
  const where = unpack(data.gaps); // from row to row of a term, then the rows themselves
  for (let i = 0; i < counts.length; i++) {
    for (let j = starts[i] + 1; j < starts[i + 1]; j++) where[j] += where[j - 1];
  }
  const times = unpack(data.times);
  const lengths = unpack(data.lengths);
  const mean = lengths.reduce((sum, n) => sum + n, 0) / rows;
  const norms = Float64Array.from(lengths, (n) => data.k1 * (1 - data.b + (data.b * n) / mean));
  const [field, grain] = data.name.split(".");

  /** Sum over some terms of each row's score, and of the best that any row has. */
  function scores(found) {
    const out = new Float32Array(rows);
    let best = 0;
    found.forEach((term) => {
      const [from, to] = [starts[term], starts[term + 1]];
      const idf = f32(Math.log(1 + (rows - (to - from) + 0.5) / (to - from + 0.5)));
      let most = 0;
      for (let j = from; j < to; j++) {
        const row = where[j];
        const n = times[j] + 1;
        const score = f32(idf * (n / (norms[row] + n)));
        out[row] += score;
        if (score > most) most = score;
      }
      best += most;
    });
    return { scores: out, best };
  }

  return { name: data.name, field, grain, weight, starts, scores };
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
