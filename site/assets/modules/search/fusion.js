// Words and meaning in one score: kb/search/fusion.py, in 32-bit numbers as there.

const f32 = Math.fround;

/**
 * {total, lexical, cosine, meaning, quoted}: one score a row; rows that are not allowed have 0.
 *
 * `scores` are BM25 by field or null, `near` what openMeaning gave or null, `s` the settings.
 */
export function fuse(scores, near, allowed, s) {
  const rows = allowed.length;
  const shared = new Float32Array(rows);
  let best = 0;
  if (scores) {
    lexicalTotal(scores, allowed, s, shared);
    for (let i = 0; i < rows; i++) if (shared[i] > best) best = shared[i];
    if (best > 0) for (let i = 0; i < rows; i++) shared[i] /= best;
  }
  const quoted = quotedShare(scores, allowed, s);
  if (!near) return { total: shared, cosine: null, meaning: 0, quoted };
  const cosine = new Float32Array(rows).fill(near.last);
  near.rows.forEach((found, row) => {
    cosine[row] = found[0];
  });
  let most = 0;
  for (let i = 0; i < rows; i++) {
    cosine[i] = allowed[i] && cosine[i] >= s.far ? Math.min(cosine[i], 1) : 0;
    if (cosine[i] > most) most = cosine[i];
  }
  if (most <= 0) return { total: shared, cosine, meaning: 0, quoted };
  const meaning = best > 0 ? s.meaning * (1 - quoted) : 1;
  const [ofWords, ofMeaning] = [f32(1 - meaning), f32(meaning / most)];
  const total = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    total[i] = f32(ofWords * shared[i]) + f32(ofMeaning * cosine[i]);
  }
  return { total, cosine, meaning, quoted };
}

// a clause is found by its own words or by what its note says, whichever fits better
function lexicalTotal(scores, allowed, s, out) {
  const none = new Float32Array(out.length);
  const of = (field) => scores.byField[field] || none;
  const [text, path, lay, gist, facets] = ["text", "path", "lay", "gist", "facets"].map(of);
  const [ofGist, ofFacets] = [f32(s.gist), f32(s.facets)];
  for (let i = 0; i < out.length; i++) {
    if (!allowed[i]) continue;
    const note = f32(lay[i] + f32(ofGist * gist[i]));
    const words = f32(Math.max(text[i], note) + path[i]);
    out[i] = words + f32(ofFacets * facets[i]);
  }
}

// 0 for a query in its own words, 1 for one that a clause has nearly word for word
function quotedShare(scores, allowed, s) {
  const text = scores && scores.ideals.text ? scores.byField.text : null;
  if (!text) return 0;
  let most = 0;
  for (let i = 0; i < text.length; i++) if (allowed[i] && text[i] > most) most = text[i];
  const share = most / scores.ideals.text;
  const [low, high] = s.quoted;
  return Math.min(1, Math.max(0, (share - low) / (high - low)));
}

/**
 * The places of the highest values, highest first, equal ones in order, without those that are not
 * above 0; `steps` is what a value is rounded to a part of (0: not rounded).
 */
export function highest(values, count, steps) {
  const places = [];
  const kept = [];
  let least = 0;
  for (let i = 0; i < values.length; i++) {
    const value = steps ? Math.round(values[i] * steps) : values[i];
    if (value <= least) continue;
    let at = places.length;
    while (at > 0 && kept[at - 1] < value) at--;
    places.splice(at, 0, i);
    kept.splice(at, 0, value);
    if (places.length > count) {
      places.pop();
      kept.pop();
    }
    if (places.length === count) least = kept[count - 1];
  }
  return places;
}
