// The tokenizer of kb/tokenizer.py in the browser: runs of Han characters, figures and letters,
// and the best path of a Unigram model through them. tests/site/test_text_parity.py holds the two
// together.
import { numbersOf } from "./bytes.js";

const UNKNOWN = 0;
const UNKNOWN_PENALTY = 10; // below the least likely word, as the Unigram model has it
const SHORTEST_INNER = 2;
const LONGEST_INNER = 4;

/**
 * Words and model ids of a text. `data` is the data file's value, `folding` is makeFold's.
 *
 * Words and marks come as {word, start, end} with places in the text as it was given.
 */
export function makeTokenizer(data, folding) {
  const model = makeModel(data);
  const pieces = new RegExp(data.pieces, "gu");
  const han = new RegExp("^[" + data.han + "]", "u");
  const hanRuns = new RegExp("[" + data.han + "]+", "gu");
  const figures = figurePattern(data.figure);
  const inside = new Map();

  /** [[word, start, end]] in folded text. */
  function cut(folded) {
    const out = [];
    for (const m of folded.matchAll(pieces)) {
      const piece = m[0];
      if (!han.test(piece)) {
        out.push([piece, m.index, m.index + piece.length]);
        continue;
      }
      const path = model.path(piece);
      for (let i = 0; i < path.length; i += 3) {
        const [start, end] = [path[i], path[i + 1]];
        out.push([piece.slice(start, end), m.index + start, m.index + end]);
      }
    }
    return out;
  }

  /** [[i, j]] of the shorter words of the dictionary within a long word. */
  function inner(word) {
    let found = inside.get(word);
    if (!found) {
      found = [];
      for (let i = 0; i < word.length - 1; i++) {
        const last = Math.min(i + LONGEST_INNER, word.length);
        for (let j = i + SHORTEST_INNER; j <= last; j++) {
          if (j - i < word.length && model.ids.has(word.slice(i, j))) found.push([i, j]);
        }
      }
      inside.set(word, found);
    }
    return found;
  }

  const placed = (folded, found) =>
    found.map(([word, a, b]) => {
      const [start, end] = folding.span(folded, a, b);
      return { word, start, end };
    });

  return {
    size: model.size,

    /** Model ids, for the encoder; figures and Latin words come as their characters. */
    encode(text) {
      const out = [];
      for (const m of folding.foldText(text).matchAll(pieces)) {
        const path = model.path(m[0]);
        let last = -1;
        for (let i = 2; i < path.length; i += 3) {
          // neighbours that the model does not know make one id
          if (path[i] !== UNKNOWN || last !== UNKNOWN) out.push(path[i]);
          last = path[i];
        }
      }
      return out;
    },

    words: (text) => cut(folding.foldText(text)).map((found) => found[0]),

    /** The words with their places in `text`. */
    spans(text) {
      const folded = folding.fold(text);
      return placed(folded, cut(folded.text));
    },

    /** What search counts, in three grains: {words, pairs, chars}. */
    views(text) {
      const folded = folding.foldText(text);
      const words = [];
      const pairs = [];
      const chars = [];
      for (const [word] of cut(folded)) {
        words.push(word);
        if (!han.test(word)) {
          chars.push(word);
          continue;
        }
        chars.push(...word);
        if (word.length > SHORTEST_INNER) {
          for (const [i, j] of inner(word)) words.push(word.slice(i, j));
        }
      }
      for (const m of folded.matchAll(hanRuns)) {
        const run = Array.from(m[0]);
        for (let i = 0; i + 1 < run.length; i++) pairs.push(run[i] + run[i + 1]);
      }
      for (const m of folded.matchAll(figures)) {
        words.push(m[0]);
        pairs.push(m[0]);
      }
      return { words, pairs, chars };
    },

    /** Where the wanted terms (a Set) of `views`, single characters apart, stand in `text`. */
    marks(text, wanted) {
      const folded = folding.fold(text);
      const found = [];
      for (const at of cut(folded.text)) {
        const [word, a] = at;
        if (wanted.has(word)) found.push(at);
        if (word.length > SHORTEST_INNER && han.test(word)) {
          for (const [i, j] of inner(word)) {
            if (wanted.has(word.slice(i, j))) found.push([word.slice(i, j), a + i, a + j]);
          }
        }
      }
      for (const m of folded.text.matchAll(figures)) {
        if (wanted.has(m[0])) found.push([m[0], m.index, m.index + m[0].length]);
      }
      for (const m of folded.text.matchAll(hanRuns)) {
        const run = Array.from(m[0]);
        let at = m.index;
        for (let i = 0; i + 1 < run.length; i++) {
          const pair = run[i] + run[i + 1];
          if (wanted.has(pair)) found.push([pair, at, at + pair.length]);
          at += run[i].length;
        }
      }
      return placed(folded, found);
    },
  };
}

/** 72小时, 40%: see fold.js for browsers without lookbehind. */
function figurePattern(figure) {
  try {
    return new RegExp(figure.source, "g");
  } catch (e) {
    return new RegExp(figure.plain, "g");
  }
}

/** The words with their ids, and the best path through a piece. */
function makeModel(data) {
  const words = data.vocabulary.split("\n");
  const steps = numbersOf(Uint16Array, data.scores);
  const ids = new Map();
  // by the first UTF-16 unit: the length of the longest word, so that few slices are looked up
  const longest = new Uint8Array(65536);
  let most = 0;
  for (let id = 0; id < words.length; id++) {
    const word = words[id];
    const first = word.charCodeAt(0);
    ids.set(word, id);
    if (word.length > longest[first]) longest[first] = word.length;
    if (steps[id] > most) most = steps[id];
  }
  // whole numbers of the grid: sums are exact and a tie is a tie
  const unknown = most + UNKNOWN_PENALTY * data.grid;

  /** [start, end, id, start, end, id, …], one step a character where the model knows no word. */
  function path(piece) {
    const n = piece.length;
    const best = new Float64Array(n + 1).fill(Infinity); // costs: scores with the sign turned
    const from = new Int32Array(n + 1);
    const by = new Int32Array(n + 1);
    best[0] = 0;
    for (let start = 0; start < n; start++) {
      const cost = best[start];
      if (cost === Infinity) continue; // inside a surrogate pair
      const code = piece.charCodeAt(start);
      const width = code >= 0xd800 && code <= 0xdbff && start + 1 < n ? 2 : 1;
      const last = Math.min(n, start + longest[code]);
      for (let end = start + 1; end <= last; end++) {
        const id = ids.get(piece.slice(start, end));
        if (id === undefined) continue;
        // of equal paths the longer last word stays: it came first
        if (cost + steps[id] < best[end]) {
          best[end] = cost + steps[id];
          from[end] = start;
          by[end] = id;
        }
      }
      const end = start + width;
      // a character that is a word itself costs less, so this is for the others alone
      if (cost + unknown < best[end]) {
        best[end] = cost + unknown;
        from[end] = start;
        by[end] = UNKNOWN;
      }
    }
    const out = [];
    for (let end = n; end > 0; end = from[end]) out.push(by[end], end, from[end]);
    return out.reverse();
  }

  return { ids, path, size: words.length };
}
