// What documents are called: the look-up of kb/query.py over the table that Python made.
//
// No lookbehind is used here, so that citations are read by every browser that runs the site.

const MARKS = /[《》〈〉<>"'「」]/g;

/** A text of digits, Arabic of any width or Chinese, as a number; NaN where it is none (十百). */
export function numberOf(text) {
  const plain = text.normalize("NFKC");
  return /^[0-9]+$/.test(plain) ? parseInt(plain, 10) : zhNumber(text);
}

const DIGITS = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const UNITS = { 十: 10, 百: 100, 千: 1000 };

/** Value of a Chinese integer (一百零一 → 101, 二〇二一 → 2021); NaN where it is none. */
export function zhNumber(text) {
  if (!/^[〇零一二两三四五六七八九十百千万]+$/.test(text)) return NaN;
  if (/^[〇零一二两三四五六七八九]{4}$/.test(text)) {
    return +Array.from(text, (c) => DIGITS[c]).join("");
  }
  const wan = text.lastIndexOf("万");
  if (wan === 0) return NaN;
  if (wan > 0) {
    const tail = text.slice(wan + 1);
    return zhNumber(text.slice(0, wan)) * 10000 + (tail ? belowMyriad(tail) : 0);
  }
  return belowMyriad(text);
}

function belowMyriad(text) {
  let total = 0;
  let digit = -1;
  let lastUnit = 10000;
  for (const c of text) {
    if (c in UNITS) {
      const unit = UNITS[c];
      if (unit >= lastUnit || (digit < 0 && unit !== 10)) return NaN;
      total += (digit < 0 ? 1 : digit) * unit;
      digit = -1;
      lastUnit = unit;
    } else {
      if (digit > 0) return NaN;
      digit = DIGITS[c];
    }
  }
  return total + Math.max(digit, 0);
}

/** Folded, without book marks and without spaces that part no figures. */
export function plainOf(text, folding) {
  return folding
    .foldText(text)
    .replace(MARKS, "")
    .trim()
    .replace(/ *- */g, "-")
    .replace(/([a-z/]) +(?=[0-9])/g, "$1") // gb 16423
    .replace(/ +/g, (run, at, whole) => {
      // 安全生产法 第25条; one space between figures or letters stays
      const before = whole.slice(0, at).slice(-1);
      const after = whole.slice(at + run.length, at + run.length + 1);
      const parts = /[0-9a-z.)]/.test(before) && (!after || /[0-9a-z.(]/.test(after));
      return run.length === 1 && parts && after ? " " : "";
    });
}

const DOCNO = /^(.{1,20}?)〔([0-9]{4})〕第?([0-9]{1,5})号$/u;
const ORDER = /^(?:中华人民共和国)?(.{1,20}?令)第?([0-9]{1,4}|[〇零一二三四五六七八九十百]{1,6})号$/u;
const YEAR_BRACKET = /[[(【﹝{〔]((?:19|20)[0-9]{2})年?[\])】﹞}〕]/g;

/** Look-up form of a 文号 or an order's number, "" when the text is neither. */
export function docnoKey(text) {
  const flat = text.normalize("NFKC").replace(/\s+/g, "").replace(YEAR_BRACKET, "〔$1〕");
  let m = DOCNO.exec(flat);
  if (m) return m[1] + "〔" + m[2] + "〕" + parseInt(m[3], 10) + "号";
  m = ORDER.exec(flat);
  const value = m ? numberOf(m[2]) : NaN;
  return value >= 0 ? m[1] + "第" + value + "号" : "";
}

const FILLER = new RegExp(
  // 请问安全生产法第25条, 根据…, 查一下…, 和…
  "(?:请问|问|查|查询|查一下|查找|搜索|看|看看|看一下|根据|依据|依照|按照|按|违反|关于|对照|见|参见|引用|" +
    "和|与|及|以及|或|或者|在|的|是|[\\s,，、。;；:：?？!！()\\[\\]【】/|~-])$"
);
const ASCII = /^[\x00-\x7f]$/;

function parted(before, name) {
  if (!before) return true;
  const last = before.slice(-1);
  if (ASCII.test(name[0]) && /[0-9A-Za-z]/.test(last)) return false;
  if (/[0-9]/.test(name[0]) && ".-/".includes(last)) return false;
  if (ASCII.test(name[0]) && !ASCII.test(last)) return true; // 爆破安全规程GB6722
  return FILLER.test(before);
}

/**
 * The names of part("assets/kb/s/names"), to look up: `documents` maps an id to {id, kind, title,
 * short, number, supersedes: [ids], versions: [{version, loaded, partial, year}]}.
 */
export function openNames(data) {
  const rows = data.docs.map((d) => ({
    id: d[0],
    kind: d[1],
    title: d[2],
    short: d[3],
    number: d[4],
    supersedes: d[5].map((i) => data.docs[i][0]),
    versions: d[6].map((v) => ({ version: v[0], loaded: v[1] > 0, partial: v[1] === 1, year: v[2] })),
  }));
  const documents = new Map(rows.map((d) => [d.id, d]));
  const table = new Map(Object.entries(data.names));
  let longest = 0;
  table.forEach((_, key) => {
    longest = Math.max(longest, key.length);
  });

  function exactly(plain) {
    const held = table.get(plain);
    if (held === undefined) return null;
    if (typeof held === "number") return { docs: [rows[held].id], dated: false, pins: [] };
    return {
      docs: held[1].map((i) => rows[i].id),
      dated: held[0] === 1,
      pins: held[2].map((p) => rows[p[0]].id + "@" + p[1]),
    };
  }

  return {
    documents,

    /** The name that is all of a plain text; the brackets of a 文号 may be of any form. */
    whole(plain, folding) {
      const found = exactly(plain);
      if (found) return found;
      const key = docnoKey(plain);
      return key ? exactly(plainOf(key, folding)) : null;
    },

    /** Ids of the documents that are called exactly so, or have this id. */
    get(name, folding) {
      if (documents.has(name)) return [name];
      const found = this.whole(plainOf(name, folding), folding);
      return found ? found.docs : [];
    },

    /** The longest name that ends a plain text, if what stands before it is no part of it. */
    ending(plain) {
      for (let size = Math.min(plain.length, longest); size > 1; size--) {
        const name = plain.slice(-size);
        if (table.has(name) && parted(plain.slice(0, -size), name)) return [name, exactly(name)];
      }
      return null;
    },

    /** The name as that of standards alone: only they have clause numbers (25.3) and tables. */
    standards(name) {
      const docs = name.docs.filter((d) => documents.get(d).kind === "standard");
      return docs.length ? { docs, dated: name.dated, pins: [] } : null;
    },
  };
}
