// Whole numbers out of text, as kb/sitegen/ints.py packs them: one character for most.

const ALPHABET = (() => {
  let out = "";
  for (let code = 0x20; code < 0x7f; code++) {
    const c = String.fromCharCode(code);
    if (c !== '"' && c !== "\\") out += c;
  }
  return out;
})();
const LAST = 61;
const MORE = ALPHABET.length - LAST;

const DIGITS = new Uint8Array(128);
for (let i = 0; i < ALPHABET.length; i++) DIGITS[ALPHABET.charCodeAt(i)] = i;

/** The numbers of a packed text, or of a stretch of it, each below 2^32. */
export function unpack(text, from = 0, to = text.length) {
  const out = new Uint32Array(to - from);
  let count = 0;
  let above = 0;
  for (let i = from; i < to; i++) {
    const digit = DIGITS[text.charCodeAt(i)];
    if (digit < LAST) {
      out[count++] = above * LAST + digit;
      above = 0;
    } else {
      above = above * MORE + digit - LAST;
    }
  }
  return out.subarray(0, count);
}

/** Sums of the numbers up to each: [0, a, a + b, …]. */
export function sums(numbers) {
  const out = new Uint32Array(numbers.length + 1);
  for (let i = 0; i < numbers.length; i++) out[i + 1] = out[i] + numbers[i];
  return out;
}
