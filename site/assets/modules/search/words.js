// The words of a query and what its site words mean: kb/search/words.py, kb/expansion.py.
import { plus } from "./bm25.js";

/** {find(folded) → Map of site word → standard terms, longest first where they overlap}. */
export function openTerms(data) {
  const words = new Map(Object.entries(data.words));
  let longest = 0;
  words.forEach((_, word) => {
    longest = Math.max(longest, word.length);
  });

  function find(text) {
    const out = new Map();
    for (let at = 0; at < text.length; ) {
      let size = Math.min(longest, text.length - at);
      while (size > 1 && !words.has(text.slice(at, at + size))) size--;
      if (size > 1) out.set(text.slice(at, at + size), words.get(text.slice(at, at + size)));
      at += Math.max(size, 1);
    }
    return out;
  }

  return { find };
}

/** {words, rarity, scores, cut, meant} of a query's text; terms that it means count less. */
export function wordsOf(text, tokenizer, folding, lexical, terms, s) {
  let cut = null;
  if (text.length > s.most_words) {
    const spans = tokenizer.spans(text);
    if (spans.length > s.most_words) {
      text = text.slice(0, spans[s.most_words - 1].end);
      cut = { words: spans.length, used: s.most_words };
    }
  }
  const views = tokenizer.views(text);
  if (!views.words.length && !views.pairs.length) {
    return { words: new Set(), rarity: new Map(), scores: null, cut, meant: new Map() };
  }
  let scores = lexical.scores(views);
  const meant = terms.find(folding.foldText(text));
  const more = new Set();
  meant.forEach((found) => found.forEach((term) => text.includes(term) || more.add(term)));
  if (more.size) {
    const further = tokenizer.views(Array.from(more).join("\n"));
    const fresh = {};
    Object.keys(further).forEach((grain) => {
      const own = new Set(views[grain]);
      fresh[grain] = further[grain].filter((term) => !own.has(term));
    });
    scores = plus(scores, lexical.scores(fresh), s.expanded, s.expanded_fields);
  }
  return { words: new Set(views.words), rarity: lexical.rarity(views), scores, cut, meant };
}
