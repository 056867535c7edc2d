// Which of the best rows has the query nearly word for word: kb/search/quoted.py.

// what parts sentences stays, so that no run reaches from one over into the next
const NOT_WORD = /(?![，,;:!?。、])[^\p{L}\p{N}]+/gu;

/** The runs of characters of a query that is a quotation; [] for any other. */
export function runsOf(query, quoted, folding, s) {
  if (quoted <= 0 || new RegExp(s.asks).test(query)) return [];
  const plain = Array.from(bare(query, folding));
  const runs = new Set();
  for (let i = 0; i + s.run <= plain.length; i++) runs.add(plain.slice(i, i + s.run).join(""));
  return runs.size < s.fewest ? [] : Array.from(runs);
}

/** The share of the runs that a text has. */
export function shareOf(runs, text, folding) {
  const plain = bare(text, folding);
  return runs.filter((run) => plain.includes(run)).length / runs.length;
}

const bare = (text, folding) => folding.foldText(text).replace(NOT_WORD, "");
