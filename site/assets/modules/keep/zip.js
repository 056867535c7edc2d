// A ZIP writer: what .docx and .xlsx are. Deflate where the browser has it, stored where not.

const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const UTF8_NAMES = 0x0800;
const VERSION_NEEDED = 20;
const tables = [];

function crcTable() {
  if (!tables.length) {
    const table = new Uint32Array(256);
    for (let n = 0; n < 256; n++) {
      let c = n;
      for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
      table[n] = c >>> 0;
    }
    tables.push(table);
  }
  return tables[0];
}

/** CRC-32 of bytes, as ZIP and PNG have it. */
export function crc32(bytes) {
  const table = crcTable();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Raw deflate; null where the browser cannot. */
async function deflated(bytes) {
  let stream = null;
  try {
    stream = new CompressionStream("deflate-raw"); // Chromium 103, Safari 16.4, Firefox 113
  } catch (e) {
    return null;
  }
  const squeezed = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(squeezed).arrayBuffer());
}

function dosTime(date) {
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
  const day = (Math.max(0, date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  return { time, day };
}

/** The fields that stand alike in a file's own head and in the list at the end. */
function common(view, at, entry) {
  view.setUint16(at, VERSION_NEEDED, true);
  view.setUint16(at + 2, UTF8_NAMES, true);
  view.setUint16(at + 4, entry.method, true);
  view.setUint16(at + 6, entry.time, true);
  view.setUint16(at + 8, entry.day, true);
  view.setUint32(at + 10, entry.crc, true);
  view.setUint32(at + 14, entry.body.length, true);
  view.setUint32(at + 18, entry.size, true);
  view.setUint16(at + 22, entry.name.length, true);
}

function localHead(entry) {
  const head = new Uint8Array(30);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0x04034b50, true);
  common(view, 4, entry);
  return head;
}

function listed(entry, offset) {
  const head = new Uint8Array(46);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(4, VERSION_NEEDED, true);
  common(view, 6, entry);
  view.setUint32(42, offset, true);
  return head;
}

function ending(count, size, offset) {
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return end;
}

function joined(pieces) {
  const out = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  pieces.forEach((p) => {
    out.set(p, at);
    at += p.length;
  });
  return out;
}

/** A ZIP of files [{name, data: text or bytes}], in their order, as bytes. */
export async function zip(files) {
  const { time, day } = dosTime(new Date());
  const pieces = [];
  const list = [];
  let offset = 0;
  for (const file of files) {
    const data = typeof file.data === "string" ? new TextEncoder().encode(file.data) : file.data;
    const small = await deflated(data);
    const packed = small !== null && small.length < data.length;
    const entry = {
      name: new TextEncoder().encode(file.name), method: packed ? METHOD_DEFLATED : METHOD_STORED,
      time, day, crc: crc32(data), size: data.length, body: packed ? small : data,
    };
    list.push(listed(entry, offset), entry.name);
    const whole = [localHead(entry), entry.name, entry.body];
    offset += whole.reduce((n, p) => n + p.length, 0);
    pieces.push(...whole);
  }
  const size = list.reduce((n, p) => n + p.length, 0);
  return joined([...pieces, ...list, ending(files.length, size, offset)]);
}
