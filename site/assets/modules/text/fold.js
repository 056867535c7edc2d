// The folding of kb/fold.py in the browser: the same characters, figures and units of measure.
//
// Tables and patterns come from Python (kb/sitegen/search_text.py); only the edits stand here.
import { zhDigits } from "./numerals.js";

// Safari has lookbehind since 16.4. Before that the patterns do without it, or are left out where
// they ask for something to stand before: a few rare figures then fold otherwise, search still works.
const LOOKBEHIND = (() => {
  try {
    new RegExp("(?<!a)b");
    return true;
  } catch (e) {
    return false;
  }
})();

const SLANG = /^[百千万][一二两三四五六七八九]$/; // 一百五: 150 in speech, 105 by the letter

/**
 * The folding by Python's tables: {fold(text) → {text, offsets}, foldText(text), span(folded, a, b)}.
 *
 * `offsets[i]` is [start, end] in the original of what unit i of the folded text stands for, both
 * counted in UTF-16 units, as all of JavaScript counts. `lookbehind` is for tests.
 */
export function makeFold(tables, lookbehind = LOOKBEHIND) {
  const char = charFolding(tables);
  const rules = makeRules(tables, lookbehind);

  function foldText(text) {
    let out = "";
    for (const c of text) out += char(c);
    for (let pass = 0; pass < tables.passes; pass++) {
      const before = out;
      for (const rule of rules) {
        const edits = editsOf(out, rule);
        if (edits.length) out = applied(out, edits);
      }
      if (out === before) break;
    }
    return out;
  }

  function fold(text) {
    let out = "";
    let offsets = [];
    let at = 0;
    for (const c of text) {
      const piece = char(c);
      for (let i = 0; i < piece.length; i++) offsets.push([at, at + c.length]);
      out += piece;
      at += c.length;
    }
    for (let pass = 0; pass < tables.passes; pass++) {
      const before = out;
      for (const rule of rules) {
        const edits = editsOf(out, rule);
        if (edits.length) {
          out = applied(out, edits);
          offsets = moved(offsets, edits);
        }
      }
      if (out === before) break;
    }
    return { text: out, offsets };
  }

  return { fold, foldText, span };
}

/** The stretch of the original under units a to b (a < b) of a folded text. */
function span(folded, a, b) {
  return [folded.offsets[a][0], folded.offsets[b - 1][1]];
}

/** What one character folds to: NFKC, lower case, variants; kept once known. */
function charFolding(tables) {
  const known = new Map(Object.entries(tables.chars));
  for (const c of tables.spaces) if (!known.has(c)) known.set(c, " ");
  return function char(c) {
    let out = known.get(c);
    if (out !== undefined) return out;
    if (c.length === 1 && c >= "\ud800" && c <= "\udfff") {
      out = "\ufffd"; // half of a character
    } else {
      out = c.normalize("NFKC").toLowerCase();
      if (out !== c) out = Array.from(out, char).join("");
    }
    known.set(c, out);
    return out;
  };
}

/** [{trigger, pattern, edit}] in the order of Python; an edit gives [start, end, text] or null. */
function makeRules(tables, lookbehind) {
  const edits = makeEdits(tables);
  const out = [];
  for (const [name, trigger, source, plain] of tables.rules) {
    const pattern = lookbehind ? source : plain;
    if (pattern === null) continue;
    out.push({
      trigger: new RegExp(trigger),
      pattern: new RegExp(pattern, "g"),
      edit: edits[name],
    });
  }
  return out;
}

function editsOf(text, rule) {
  const out = [];
  if (!rule.trigger.test(text)) return out;
  for (const m of text.matchAll(rule.pattern)) {
    const edit = rule.edit(m, text);
    if (edit && text.slice(edit[0], edit[1]) !== edit[2]) out.push(edit);
  }
  return out;
}

function applied(text, edits) {
  let out = "";
  let last = 0;
  for (const [start, end, put] of edits) {
    out += text.slice(last, start) + put;
    last = end;
  }
  return out + text.slice(last);
}

function moved(offsets, edits) {
  const out = [];
  let last = 0;
  for (const [start, end, put] of edits) {
    while (last < start) out.push(offsets[last++]);
    const whole = [offsets[start][0], offsets[end - 1][1]];
    for (let i = 0; i < put.length; i++) out.push(whole);
    last = end;
  }
  while (last < offsets.length) out.push(offsets[last++]);
  return out;
}

/** Arabic form of a Chinese integer (20万 from 10,000 up where round), null if it is none. */
function value(numeral) {
  if (SLANG.test(numeral.slice(-2)) || numeral === "零") return null;
  const digits = zhDigits(numeral);
  return digits !== null && digits.length > 4 && digits.endsWith("0000")
    ? digits.slice(0, -4) + "万"
    : digits;
}

function decimal(whole, tail) {
  const head = !tail || whole !== "零" ? value(whole) : "0";
  if (!tail || head === null) return head;
  const digits = Array.from(tail.slice(1), (c) => (c === "〇" || c === "零" ? "0" : value(c)));
  return digits.includes(null) ? null : head + "." + digits.join("");
}

const isDigit = (c) => c >= "0" && c <= "9";

/** 1.5 → 1500, without rounding. */
function thousandfold(number) {
  const [whole, part = ""] = number.split(".");
  const head = (whole + part.padEnd(3, "0").slice(0, 3)).replace(/^0+(?=[0-9])/, "");
  const tail = part.slice(3).replace(/0+$/, "");
  return tail ? head + "." + tail : head;
}

/** The edit of each rule by its name in Python; group 1 there is g1 here. */
function makeEdits(tables) {
  const symbols = new Map(Object.entries(tables.symbols));
  const words = new Map(Object.entries(tables.words));
  const unit = (word) => symbols.get(word) || words.get(word) || word;
  const end = (m) => m.index + m[0].length;

  return {
    percent(m) {
      const { g1, g2 } = m.groups;
      const sign = g1 === "百" ? "%" : "‰";
      if (isDigit(g2[0])) return [m.index, end(m), g2 + sign];
      const dot = g2.indexOf("点");
      const number =
        g2 === "百" ? "100" : decimal(dot < 0 ? g2 : g2.slice(0, dot), dot < 0 ? "" : g2.slice(dot));
      return number === null ? null : [m.index, end(m), number + sign];
    },

    fraction(m) {
      const below = value(m.groups.g1);
      const above = value(m.groups.g2);
      return below === null || above === null ? null : [m.index, end(m), above + "/" + below];
    },

    nth(m) {
      const { g1, g2 } = m.groups;
      const number = isDigit(g2[0]) ? g2 : value(g2);
      const start = m.index + 1; // after 第
      return number === null ? null : [start, start + g1.length, number];
    },

    bis(m) {
      const number = value(m.groups.g1);
      return number === null ? null : [m.index + 1, end(m), number];
    },

    quantity(m, text) {
      const before = text.slice(m.index - 1, m.index);
      let numeral = m.groups.g1;
      if (numeral === "一" && !m.groups.g2 && before && tables.before_one.includes(before)) {
        return null;
      }
      if ("十百千万".includes(numeral[0]) && before && "几数".includes(before)) return null;
      let last = end(m);
      const kilo = last < text.length && tables.kilo.includes(text[last]);
      if (numeral.endsWith("千") && numeral !== "千" && kilo) {
        numeral = numeral.slice(0, -1); // 五千瓦 is 5 kW, as 5千瓦 says
        last -= 1;
      }
      const number = decimal(numeral, m.groups.g2);
      return number === null ? null : [m.index, last, number];
    },

    myriad: (m) => [m.index + m.groups.g1.length, end(m), "万"],

    thousands: (m) => [m.index, end(m), m[0].replace(/[, ]/g, "")],

    unit_after(m) {
      const { g1, g2 } = m.groups;
      const word = g2.replace(/ /g, "");
      const myriad = word[0] === "万" ? "万" : "";
      const put = myriad + word.slice(myriad.length).split("/").map(unit).join("/");
      const start = m.index + g1.length;
      // 5 km is 5000 m, as 五千米 says
      if (put === "千米" && isDigit(g1[0])) return [m.index, end(m), thousandfold(g1) + "米"];
      return put === g2 ? null : [start, end(m), put];
    },
  };
}
