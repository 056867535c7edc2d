// Numbers out of text: base64 and whole numbers of several bytes. Runs in a page and in a worker.

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

/**
 * Reader of unsigned LEB128 numbers (seven bits a byte, low ones first; below 2^32):
 * {next() → number, more() → boolean, place() → index of the next byte}.
 */
export function varints(bytes, start = 0) {
  let at = start;
  return {
    next() {
      let value = 0;
      let shift = 0;
      let byte;
      do {
        if (at >= bytes.length || shift > 28) throw new RangeError("数据不完整");
        byte = bytes[at++];
        value += (byte & 127) * 2 ** shift;
        shift += 7;
      } while (byte > 127);
      return value;
    },
    more: () => at < bytes.length,
    place: () => at,
  };
}
