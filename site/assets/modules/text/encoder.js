// The static encoder of kb/encoders.py: a text's vector is the weighted sum of its tokens'.

/**
 * Vectors of length 1 (zeros for a text without tokens).
 *
 * `embeddings` (Int8Array, a row a token) times `weights` (Float32Array, one a token).
 */
export function makeEncoder(tokenizer, embeddings, weights, dimension) {
  /** Write the vector of ids[from..to) into `out`, beginning at `at`, where zeros stand. */
  function encodeInto(ids, from, to, out, at) {
    for (let i = from; i < to; i++) {
      const weight = weights[ids[i]];
      const row = ids[i] * dimension;
      for (let k = 0; k < dimension; k++) out[at + k] += embeddings[row + k] * weight;
    }
    let square = 0;
    for (let k = 0; k < dimension; k++) square += out[at + k] * out[at + k];
    if (square === 0) return;
    const scale = 1 / Math.sqrt(square);
    for (let k = 0; k < dimension; k++) out[at + k] *= scale;
  }

  function encodeIds(ids) {
    const out = new Float32Array(dimension);
    encodeInto(ids, 0, ids.length, out, 0);
    return out;
  }

  const encode = (text) => encodeIds(tokenizer.encode(text));
  return { dimension, embeddings, weights, encodeInto, encodeIds, encode };
}
