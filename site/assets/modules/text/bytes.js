// Numbers out of text: base64. Runs in a page and in a worker.

/** Bytes of a base64 text. */
export function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text); // Chromium 140, Firefox 133
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) out[i] = binary.charCodeAt(i);
  return out;
}

/** Numbers of one type out of base64, little-endian as every machine with a browser is. */
export function numbersOf(Type, text) {
  const bytes = fromBase64(text);
  return new Type(bytes.buffer, bytes.byteOffset, bytes.byteLength / Type.BYTES_PER_ELEMENT);
}
