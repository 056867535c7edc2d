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

/** The numbers of a packed text, each below 2^32. */
export function unpack(text) {
  const out = new Uint32Array(text.length);
  let count = 0;
  let above = 0;
  for (let i = 0; i < text.length; i++) {
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
