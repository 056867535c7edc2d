// Where a clause matches a query: kb/search/match.py.

const FIGURE = /^[0-9]/;

/**
 * What of a query stands in a text: {spans, words, figures, marks}, places in UTF-16 units.
 *
 * `words` is the Set of the query's words, `rarity` a Map of the idf of its words and pairs.
 */
export function match(tokenizer, text, words, rarity, s) {
  const wanted = new Set();
  rarity.forEach((idf, word) => {
    if (FIGURE.test(word) || (idf >= s.rare && Array.from(word).length > 1)) wanted.add(word);
  });
  let marks = wanted.size && text ? tokenizer.marks(text, wanted) : [];
  // a pair across words (全生 of 安全生产) only counts where no word does
  const whole = marks.filter((m) => words.has(m.word));
  if (whole.length) marks = whole;
  const seen = whole.length ? marks : apart(tokenizer, text, words, marks);
  const found = Array.from(new Set(whole.map((m) => m.word)));
  found.sort((a, b) => b.length - a.length || byRarity(rarity, a, b));
  const shown = [];
  found.forEach((word) => {
    if (!shown.some((longer) => longer.includes(word))) shown.push(word); // not inside a longer one
  });
  shown.sort((a, b) => byRarity(rarity, a, b));
  return {
    spans: merged(seen),
    words: shown.slice(0, s.shown),
    figures: shown.filter((w) => FIGURE.test(w)),
    marks,
  };
}

const byRarity = (rarity, a, b) => rarity.get(b) - rarity.get(a) || (a < b ? -1 : a > b ? 1 : 0);

// the pairs that are no half of a common word of the query: those would only look wrong
function apart(tokenizer, text, words, marks) {
  if (!marks.length) return marks;
  const long = new Set(Array.from(words).filter((w) => Array.from(w).length > 1));
  const common = tokenizer.marks(text, long);
  return marks.filter((m) => !common.some((c) => c.start < m.end && m.start < c.end));
}

function merged(marks) {
  const out = [];
  const places = marks.map((m) => [m.start, m.end]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  places.forEach(([start, end]) => {
    const last = out[out.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  });
  return out;
}

/**
 * Id of the deepest part that holds most of what the clause matched; the clause's if none does.
 *
 * `parts` are the clause and what is below it, in order: {id, start, end, depth}.
 */
export function bestPart(parts, marks, rarity, s) {
  if (parts.length === 1 || !marks.length) return parts[0].id;
  const weight = (part) => {
    const inside = marks.filter((m) => part.start <= m.start && m.end <= part.end);
    const words = Array.from(new Set(inside.map((m) => m.word))).sort();
    return words.reduce((sum, w) => sum + rarity.get(w), 0); // equal sets have equal sums
  };
  let at = parts[0];
  const whole = weight(at);
  for (;;) {
    const below = parts.filter(
      (p) => p.depth === at.depth + 1 && at.start <= p.start && p.end <= at.end
    );
    const ranked = below.map((p, i) => [weight(p), i]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    if (!ranked.length || ranked[0][0] < s.enough * whole || ranked[0][0] === 0) return at.id;
    if (ranked.length > 1 && ranked[1][0] === ranked[0][0]) return at.id;
    at = below[ranked[0][1]];
  }
}
