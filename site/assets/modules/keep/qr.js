// QR codes of texts (ISO/IEC 18004, model 2): byte mode in UTF-8, error correction L and M.

const ECC_PER_BLOCK = {
  L: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
  M: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28],
};
const BLOCKS = {
  L: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
  M: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
};
const LEVEL_BITS = { L: 1, M: 0 };
const LAST_VERSION = 40;
const MASKS = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (r, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

/** Modules that carry data and error correction in a version, remainder bits included. */
function rawBits(version) {
  let bits = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const n = Math.floor(version / 7) + 2;
    bits -= (25 * n - 10) * n - 55;
    if (version >= 7) bits -= 36;
  }
  return bits;
}

const totalCodewords = (version) => Math.floor(rawBits(version) / 8);
const dataCodewords = (version, level) =>
  totalCodewords(version) - ECC_PER_BLOCK[level][version - 1] * BLOCKS[level][version - 1];

// --- Reed-Solomon over GF(2^8), polynomial 0x11d ---------------------------------------------

function multiply(a, b) {
  let out = 0;
  for (let i = 7; i >= 0; i--) {
    out = (out << 1) ^ ((out >>> 7) * 0x11d);
    out ^= ((b >>> i) & 1) * a;
  }
  return out;
}

function generator(degree) {
  const out = new Array(degree).fill(0);
  out[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) {
      out[j] = multiply(out[j], root);
      if (j + 1 < degree) out[j] ^= out[j + 1];
    }
    root = multiply(root, 2);
  }
  return out;
}

function remainder(data, divisor) {
  const out = new Array(divisor.length).fill(0);
  data.forEach((byte) => {
    const factor = byte ^ out.shift();
    out.push(0);
    divisor.forEach((d, i) => {
      out[i] ^= multiply(d, factor);
    });
  });
  return out;
}

// --- codewords ---------------------------------------------------------------------------------

function dataBytes(bytes, version, level) {
  const bits = [];
  const put = (value, length) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((b) => put(b, 8));
  const capacity = dataCodewords(version, level) * 8;
  put(0, Math.min(4, capacity - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) put(pad, 8);
  const out = [];
  for (let i = 0; i < bits.length; i += 8) out.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  return out;
}

/** Blocks with their error correction, interleaved as they are placed. */
function codewords(data, version, level) {
  const count = BLOCKS[level][version - 1];
  const ecc = ECC_PER_BLOCK[level][version - 1];
  const total = totalCodewords(version);
  const short = count - (total % count);
  const shortLength = Math.floor(total / count) - ecc;
  const divisor = generator(ecc);
  const blocks = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const own = data.slice(at, at + shortLength + (i < short ? 0 : 1));
    at += own.length;
    blocks.push({ own, check: remainder(own, divisor) });
  }
  const out = [];
  for (let i = 0; i <= shortLength; i++) {
    blocks.forEach((b) => {
      if (i < b.own.length) out.push(b.own[i]);
    });
  }
  for (let i = 0; i < ecc; i++) blocks.forEach((b) => out.push(b.check[i]));
  return out;
}

// --- modules -----------------------------------------------------------------------------------

function alignment(version) {
  if (version === 1) return [];
  const size = version * 4 + 17;
  const n = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (n * 2 - 2)) * 2;
  const out = [6];
  for (let at = size - 7; out.length < n; at -= step) out.splice(1, 0, at);
  return out;
}

/** Everything but the data: modules (1 dark) and which of them are fixed. */
function frame(version) {
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => new Array(size).fill(0));
  const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
  const set = (r, c, value) => {
    if (r < 0 || c < 0 || r >= size || c >= size) return;
    dark[r][c] = value ? 1 : 0;
    fixed[r][c] = true;
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  [[3, 3], [3, size - 4], [size - 4, 3]].forEach(([r, c]) => {
    for (let y = -4; y <= 4; y++) {
      for (let x = -4; x <= 4; x++) {
        const ring = Math.max(Math.abs(x), Math.abs(y));
        set(r + y, c + x, ring !== 2 && ring !== 4);
      }
    }
  });
  const at = alignment(version);
  at.forEach((r, i) => {
    at.forEach((c, j) => {
      const corner = (!i && !j) || (!i && j === at.length - 1) || (i === at.length - 1 && !j);
      if (corner) return;
      for (let y = -2; y <= 2; y++) {
        for (let x = -2; x <= 2; x++) set(r + y, c + x, Math.max(Math.abs(x), Math.abs(y)) !== 1);
      }
    });
  });
  for (let i = 0; i < 9; i++) {
    if (i !== 6) fixed[8][i] = fixed[i][8] = true;
    if (i < 8) fixed[8][size - 1 - i] = fixed[size - 1 - i][8] = true;
  }
  set(size - 8, 8, true);
  if (version >= 7) {
    let rest = version;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let i = 0; i < 18; i++) {
      const a = size - 11 + (i % 3);
      const b = Math.floor(i / 3);
      set(a, b, (bits >>> i) & 1);
      set(b, a, (bits >>> i) & 1);
    }
  }
  return { size, dark, fixed };
}

function place(f, words) {
  let i = 0;
  const bits = words.length * 8;
  for (let right = f.size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < f.size; step++) {
      for (let j = 0; j < 2; j++) {
        const c = right - j;
        const upward = ((right + 1) & 2) === 0;
        const r = upward ? f.size - 1 - step : step;
        if (f.fixed[r][c] || i >= bits) continue;
        f.dark[r][c] = (words[i >>> 3] >>> (7 - (i & 7))) & 1;
        i++;
      }
    }
  }
}

function masked(f, mask, level) {
  const out = f.dark.map((row, r) => row.map((v, c) => (!f.fixed[r][c] && MASKS[mask](r, c) ? v ^ 1 : v)));
  const data = (LEVEL_BITS[level] << 3) | mask;
  let rest = data;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (i) => (bits >>> i) & 1;
  const n = f.size;
  for (let i = 0; i <= 5; i++) out[i][8] = bit(i);
  out[7][8] = bit(6);
  out[8][8] = bit(7);
  out[8][7] = bit(8);
  for (let i = 9; i < 15; i++) out[8][14 - i] = bit(i);
  for (let i = 0; i < 8; i++) out[8][n - 1 - i] = bit(i);
  for (let i = 8; i < 15; i++) out[n - 15 + i][8] = bit(i);
  return out;
}

// --- which mask reads best (7.8.3) ---------------------------------------------------------------

function linePenalty(line) {
  let sum = 0;
  let run = 1;
  for (let i = 1; i <= line.length; i++) {
    if (line[i] === line[i - 1]) run++;
    else {
      if (run >= 5) sum += run - 2;
      run = 1;
    }
  }
  // a finder's 1:1:3:1:1 with four light modules on one side
  const text = line.join("");
  for (let at = text.indexOf("1011101"); at >= 0; at = text.indexOf("1011101", at + 1)) {
    const before = text.slice(Math.max(0, at - 4), at);
    const after = text.slice(at + 7, at + 11);
    if (before.indexOf("1") < 0 || after.indexOf("1") < 0) sum += 40;
  }
  return sum;
}

function penalty(m) {
  const n = m.length;
  let sum = 0;
  let dark = 0;
  for (let i = 0; i < n; i++) {
    sum += linePenalty(m[i]) + linePenalty(m.map((row) => row[i]));
    for (let j = 0; j < n; j++) {
      dark += m[i][j];
      if (!i || !j) continue;
      const v = m[i][j];
      if (v === m[i - 1][j] && v === m[i][j - 1] && v === m[i - 1][j - 1]) sum += 3;
    }
  }
  return sum + Math.floor(Math.abs((dark * 20) / (n * n) - 10)) * 10;
}

/**
 * The modules of a text's code, rows of 0 and 1 (1 dark), without the quiet zone.
 * `options`: level "L" or "M" (M where left out), version and mask (the smallest, the best).
 * Throws a RangeError where the text is too long for any version.
 */
export function qrMatrix(text, options) {
  const o = options || {};
  const level = o.level === "L" ? "L" : "M";
  const bytes = Array.from(new TextEncoder().encode(text));
  let version = o.version || 1;
  const fits = (v) => bytes.length * 8 + (v < 10 ? 12 : 20) <= dataCodewords(v, level) * 8;
  while (version <= LAST_VERSION && !fits(version)) version += o.version ? LAST_VERSION : 1;
  if (version > LAST_VERSION) throw new RangeError("文字太长，放不进二维码");
  const f = frame(version);
  place(f, codewords(dataBytes(bytes, version, level), version, level));
  if (o.mask !== undefined) return masked(f, o.mask, level);
  let best = null;
  let least = Infinity;
  for (let mask = 0; mask < 8; mask++) {
    const m = masked(f, mask, level);
    const score = penalty(m);
    if (score < least) {
      least = score;
      best = m;
    }
  }
  return best;
}

const QUIET = 4;

/** The code of a text as an <svg> with its quiet zone; it takes the size that CSS gives it. */
export function qrSvg(text) {
  const ns = "http://www.w3.org/2000/svg";
  const m = qrMatrix(text);
  const size = m.length + 2 * QUIET;
  const make = (tag, attrs) => {
    const node = document.createElementNS(ns, tag);
    Object.keys(attrs).forEach((k) => node.setAttribute(k, attrs[k]));
    return node;
  };
  const svg = make("svg", {
    viewBox: "0 0 " + size + " " + size, class: "kb-qr", role: "img", "aria-label": "二维码：" + text,
    "shape-rendering": "crispEdges",
  });
  let path = "";
  m.forEach((row, r) => {
    row.forEach((v, c) => {
      if (v) path += "M" + (c + QUIET) + " " + (r + QUIET) + "h1v1h-1z";
    });
  });
  // always dark on white: many readers fail on an inverted code
  svg.append(make("rect", { width: size, height: size, fill: "#ffffff" }));
  svg.append(make("path", { d: path, fill: "#000000" }));
  return svg;
}
