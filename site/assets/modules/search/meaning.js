// Which rows are nearest to a query in meaning, as kb.vectors finds them.
//
// A text's vector is the sum of its tokens' vectors, scaled to length 1. So its product with the
// query's vector is the sum of the query's products with its tokens, over the length of the sum:
// one pass over the tokens that occur, one over the texts, and no text's vector is held. Python's
// index holds vectors of 16-bit numbers: for the few rows that decide, `refine` rounds alike.
import { sums, unpack } from "./ints.js";

const TIE = 1e6; // cosines that agree in six decimals are equal

/** The value of assets/kb/s/vectors over an encoder, for an index of so many rows. */
export function openMeaning(data, encoder, rows) {
  const { embeddings, weights, dimension } = encoder;
  const tokens = unpack(data.tokens);
  const texts = unpack(data.texts);
  const { ids, starts } = readTexts(unpack(data.ids));
  const norms = Float64Array.from(unpack(data.norms), (n) => n * data.norm);
  const firsts = sums(texts.map((n) => n >> 1)); // the first text of a row

  function products(query) {
    const out = new Float32Array(tokens.length);
    for (let i = 0; i < tokens.length; i++) {
      out[i] = product(embeddings, tokens[i] * dimension, query) * weights[tokens[i]];
    }
    return out;
  }

  return {
    /**
     * The `top` nearest of the allowed rows to a vector, best first: {rows: Map row → [cosine,
     * which text of the row], last: the cosine of the last of them}; null where there is none.
     */
    nearest(query, top, allowed) {
      const near = products(query);
      const best = new Float64Array(rows).fill(-2);
      const which = new Uint16Array(rows);
      let count = 0;
      for (let row = 0; row < rows; row++) {
        if (!allowed[row] || firsts[row] === firsts[row + 1]) continue;
        count++;
        for (let text = firsts[row]; text < firsts[row + 1]; text++) {
          let sum = 0;
          for (let j = starts[text]; j < starts[text + 1]; j++) sum += near[ids[j]];
          const cosine = norms[text] > 0 ? Math.round((sum / norms[text]) * TIE) / TIE : 0;
          if (cosine > best[row]) {
            best[row] = cosine;
            which[row] = text - firsts[row];
          }
        }
      }
      if (!count) return null;
      const least = Float64Array.from(best).sort()[rows - Math.min(top, count)];
      const found = [];
      for (let row = 0; row < rows; row++) if (best[row] >= least && best[row] > -2) found.push(row);
      found.sort((a, b) => best[b] - best[a] || a - b);
      found.length = Math.min(found.length, top);
      return {
        rows: new Map(found.map((row) => [row, [best[row], which[row]]])),
        last: best[found[found.length - 1]],
      };
    },

    /** Give the rows among those found the cosine of vectors that are rounded to 16 bits. */
    refine(query, found, chosen) {
      chosen.forEach((row) => {
        const held = found.rows.get(row);
        if (!held) return;
        const text = firsts[row] + held[1];
        const own = ids.subarray(starts[text], starts[text + 1]);
        const vector = encoder.encodeIds(Uint32Array.from(own, (i) => tokens[i]));
        halves(vector);
        held[0] = Math.round(product(vector, 0, query) * TIE) / TIE;
      });
      found.last = Math.min(...Array.from(found.rows.values(), (held) => held[0]));
    },

    /** Which of a row's said things (its note's gist, then the ways to ask) a text is; -1: none. */
    said: (row, text) => text - (texts[row] & 1),
  };
}

// each number to the nearest that has 16 bits, as numpy rounds: eleven digits, ties to even
function halves(numbers) {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const step = 2 ** (Math.max(((bits[i] >>> 23) & 255) - 127, -14) - 10);
    const steps = numbers[i] / step;
    const down = Math.floor(steps);
    const up = steps - down > 0.5 || (steps - down === 0.5 && down % 2 !== 0);
    numbers[i] = (up ? down + 1 : down) * step;
  }
}

function product(embeddings, at, query) {
  // four sums: one alone would wait for each addition before the next
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k + 3 < query.length; k += 4) {
    a += embeddings[at + k] * query[k];
    b += embeddings[at + k + 1] * query[k + 1];
    c += embeddings[at + k + 2] * query[k + 2];
    d += embeddings[at + k + 3] * query[k + 3];
  }
  for (; k < query.length; k++) a += embeddings[at + k] * query[k];
  return a + b + c + d;
}

// of each text: how many tokens, then from place to place
function readTexts(stream) {
  const ids = new Uint16Array(stream.length);
  const starts = [0];
  let count = 0;
  for (let at = 0; at < stream.length; ) {
    const end = at + 1 + stream[at];
    let place = 0;
    for (at++; at < end; at++) {
      place += stream[at];
      ids[count++] = place;
    }
    starts.push(count);
  }
  return { ids: ids.subarray(0, count), starts: Uint32Array.from(starts) };
}
