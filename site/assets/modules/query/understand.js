// What a query asks for: kb/query.py in the browser. A clause or document that it names, or words.
import { unknownIn } from "./cited.js";
import { plainOf } from "./names.js";

// a pattern, and what may not stand before its match (instead of a lookbehind, which older
// browsers cannot read); a match that begins with one of `heads` is free of it
function pattern(source, barred, heads) {
  return { re: new RegExp(source, "y"), barred, heads: heads || [] };
}

const RANGE = pattern(
  "第?(?<a>[0-9]+)条?(?:之(?<abis>[0-9]+))?(?:至|到|[-~])第?(?<b>[0-9]+)条(?:之(?<bbis>[0-9]+))?",
  /[0-9.]/,
  ["第"]
);
const LIST = pattern("第?(?<head>[0-9]+)(?=(?:[、,和与及]第?[0-9]+){1,12}条)", /[^、,]/, ["第"]);
const ARTICLE = pattern(
  "第?(?<art>[0-9]+)条(?:之(?<bis>[0-9]+))?" +
    "(?:第?(?<p>[0-9]+)款)?(?:第?\\(?(?<i>[0-9]+)\\)?项)?(?:第?\\(?(?<y>[0-9]+)\\)?目)?",
  /[0-9.]/,
  ["第"]
);
const NUMBERS = "[0-9]+(?:\\.[0-9]+)+|[a-z](?:\\.[0-9]+)+";
const CLAUSE_RANGE = pattern(
  "(?<a>" + NUMBERS + ")条?(?:至|到|[-~])第?(?<b>" + NUMBERS + ")(?![0-9a-z.])条?",
  /[0-9.]/
);
const CLAUSE_SOURCE =
  "(?:附录|第)?(?<clause>" + NUMBERS + ")(?![0-9a-z])条?" +
  "(?: ?第?(?<p>[0-9]+)[款段])?(?: ?第?\\(?(?<i>[0-9]+)\\)?项| ?(?<letter>[a-z])(?:\\)|项|$))?";
const CLAUSE = pattern(CLAUSE_SOURCE, /[0-9.]/, ["第", "附录"]);
const CONTAINER = pattern(
  "(?:第(?<part>[0-9]+)编)?(?:第(?<sub>[0-9]+)分编)?第(?<ch>[0-9]+)章(?:第(?<s>[0-9]+)节)?"
);
const TABLE = pattern("(?<kind>表|附录)(?<n>[a-z](?:\\.[0-9]+)?|[0-9]+)(?![0-9a-z.])");
const BARE_NUMBER = pattern("第(?<art>[0-9]+)(?=$|[,，。;；?？])");
// at one place the pattern that reads most, and of two the first
const PATTERNS = [RANGE, LIST, ARTICLE, CLAUSE_RANGE, CLAUSE, CONTAINER, TABLE, BARE_NUMBER];
const NUMBERED = [CLAUSE_RANGE, CLAUSE, TABLE]; // what only a standard has

const EDITION = new RegExp(
  // (2007), (2021年修正), (2013-06-29), 2020版 between a name and a part
  "\\(?(?<edition>(?:19|20)[0-9]{2}(?:-[0-9]{2}-[0-9]{2})?)年?(?:[0-9]+月[0-9]+日)?" +
    "(?:修正|修订|修改|公布|通过|施行|版)?本?\\)?$"
);
const BETWEEN = /^[,，、;；和与及或至到~-]*$/; // 安全生产法第25条、第28条
const ABOVE = /(?:第[0-9]+编)?(?:第[0-9]+分编)?(?:第[0-9]+章)?(?:第[0-9]+节)?的?$/;
const WHOLE_CLAUSE = new RegExp("^(?:" + CLAUSE_SOURCE + ")$");
const LAST_NUMBER = /(?:^|[^0-9.-])([0-9]{1,4})$/;
const LONGEST = 500;
const BARE_CLAUSE = 2; // dots from which a number alone is taken for a clause, not for a figure

// what Python calls white space
const WS = "[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const STRIP = new RegExp("^" + WS + "+|" + WS + "+$", "g");
const EXAM_MARK = new RegExp(
  // （单选）, 判断：, 【多选题】 at the head of a question say nothing of its subject
  "^" + WS + "*(?:[0-9]+" + WS + "*[.、．]" + WS + "*)?[（(【[]?" + WS + "*" +
    "(?:单选|单项选择|多选|多项选择|不定项选择|选择|判断|填空|简答|问答|论述|案例分析)题?" +
    "(?:" + WS + "*[)）】\\]]" + WS + "*[:：]?|" + WS + "*[:：])" + WS + "*"
);

function matchAt(p, text, at) {
  if (p.barred && at > 0 && !p.heads.some((h) => text.startsWith(h, at))) {
    if (p.barred.test(text[at - 1])) return null;
  }
  if (p === LIST && at === 0 && text[0] !== "第") return null;
  p.re.lastIndex = at;
  return p.re.exec(text);
}

function allMatches(p, text) {
  const out = [];
  for (let at = 0; at < text.length; ) {
    const m = matchAt(p, text, at);
    if (m) out.push(m);
    at = m ? at + m[0].length : at + 1;
  }
  return out;
}

/**
 * Take a query apart, as kb.query.understand does:
 * {text, references: [{docs, clause, parts, edition, dated, raw, until, pins}], unknown: [names]}.
 *
 * `names` is what openNames gave, `folding` has foldText(text), `standards` are the ids of the
 * standards in which a clause number alone is looked up.
 */
export function understand(query, names, folding, standards) {
  const text = query.replace(EXAM_MARK, "");
  const head = Array.from(query.replace(STRIP, "")).slice(0, LONGEST).join("");
  const byId = referenceById(head, names);
  if (byId) return { text, references: [byId], unknown: [] };
  const plain = plainOf(head, folding);
  const named = wholeDocument(plain, names, folding);
  if (named) return { text, references: [named], unknown: [] };
  let references = referencesIn(plain, names, folding);
  const unknown = unknownIn(head, names, folding, references.length > 0);
  if (!references.length && standards && standards.length) {
    const bare = WHOLE_CLAUSE.exec(plain);
    if (bare && bare.groups.clause.split(".").length > BARE_CLAUSE) {
      references = [reference({ docs: Array.from(standards), raw: plain }, clauseOf(bare))];
    }
  }
  return { text, references, unknown };
}

function reference(given, target) {
  return Object.assign(
    { docs: [], clause: "", parts: [], edition: "", dated: false, raw: "", until: "", pins: [] },
    given,
    target
  );
}

const ID = /^([a-z0-9]+(?:-[a-z0-9]+)*)(?:@([0-9]{4}-[0-9]{2}-[0-9]{2}))?(?:#(.+))?$/;
const CLAUSE_ID = /^[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*(?:~[0-9]+(?:[-.][A-Za-z0-9]+)*)?$/;

function referenceById(query, names) {
  const m = ID.exec(query);
  if (!m || (m[3] && !CLAUSE_ID.test(m[3])) || !names.documents.has(m[1])) return null;
  if (!m[2] && !m[3] && !m[1].includes("-")) return null;
  const version = m[2] || "";
  return reference({
    docs: [m[1]], clause: m[3] || "", edition: version, dated: Boolean(version), raw: query,
  });
}

function wholeDocument(plain, names, folding) {
  let name = names.whole(plain, folding);
  if (name) return reference({ docs: name.docs, dated: name.dated, raw: plain, pins: name.pins });
  const m = EDITION.exec(plain);
  name = m ? names.whole(plain.slice(0, m.index), folding) : null;
  return name ? reference({ docs: name.docs, edition: m.groups.edition, raw: plain }) : null;
}

const trimRight = (text, signs) => {
  let end = text.length;
  while (end > 0 && signs.includes(text[end - 1])) end--;
  return text.slice(0, end);
};
const trimLeft = (text, signs) => {
  let start = 0;
  while (start < text.length && signs.includes(text[start])) start++;
  return text.slice(start);
};

function referencesIn(plain, names, folding) {
  const found = [];
  PATTERNS.forEach((p) => allMatches(p, plain).forEach((m) => found.push([m, p])));
  found.sort((a, b) => a[0].index - b[0].index); // stable: of one place the first pattern
  const out = [];
  let last = null;
  for (const [m, p] of found) {
    const start = m.index;
    const end = start + m[0].length;
    if (last && start < last.end) continue;
    if (p === CONTAINER && matchAt(ARTICLE, plain, end)) continue;
    let before = plain.slice(0, start);
    if (before.endsWith("的")) before = before.slice(0, -1);
    before = trimRight(before, " ,:：");
    if (p === RANGE || p === LIST || p === ARTICLE) {
      before = before.slice(0, ABOVE.exec(before).index);
    }
    const [named, edition] = namedBefore(before, names);
    let name;
    let year = edition;
    if (named) name = named[1];
    else if (last && BETWEEN.test(plain.slice(last.end, start))) {
      name = last.name;
      year = last.year;
    } else if (p === ARTICLE) {
      name = names.whole(trimLeft(plain.slice(end), " ,的"), folding); // 第25条 安全生产法
      year = "";
    }
    if (!name) continue;
    if (NUMBERED.includes(p)) {
      name = names.standards(name);
      if (!name) continue;
    }
    last = { end, name, year };
    const from = named ? plain.slice(0, start).lastIndexOf(named[0]) : start;
    out.push(
      reference(
        {
          docs: name.docs, edition: year, dated: name.dated, raw: plain.slice(from, end),
          pins: name.pins,
        },
        targetOf(m, p)
      )
    );
  }
  return out.length ? out : byNumberOnly(plain, names);
}

function namedBefore(before, names) {
  const edition = EDITION.exec(before);
  const named = names.ending(before);
  if (edition && !(named && named[1].dated)) {
    const other = names.ending(before.slice(0, edition.index));
    if (other) return [other, edition.groups.edition];
  }
  return [named, ""];
}

function targetOf(m, p) {
  const g = m.groups;
  if (p === ARTICLE) {
    const parts = ["p", "i", "y"].filter((k) => g[k]).map((k) => k + int(g[k]));
    return { clause: article(g.art, g.bis), parts };
  }
  if (p === CLAUSE) return clauseOf(m);
  if (p === RANGE) return { clause: article(g.a, g.abis), until: article(g.b, g.bbis) };
  if (p === CLAUSE_RANGE) return { clause: numbered(g.a), until: numbered(g.b) };
  if (p === CONTAINER) {
    const steps = [["part-", g.part], ["sub-", g.sub], ["ch-", g.ch], ["s", g.s]];
    return { clause: steps.filter((s) => s[1]).map((s) => s[0] + int(s[1])).join(".") };
  }
  if (p === TABLE) {
    const number = g.n.toUpperCase();
    return { clause: g.kind === "表" ? "t:" + number : "app-" + number };
  }
  return { clause: article(p === LIST ? g.head : g.art) };
}

function clauseOf(m) {
  const g = m.groups;
  const parts = ["p", "i"].filter((k) => g[k]).map((k) => k + int(g[k]));
  if (g.letter) parts.push(g.letter);
  return { clause: numbered(g.clause), parts };
}

// digits of any length without leading zeros, as Python's int() prints them
const int = (digits) => digits.replace(/^0+(?=[0-9])/, "");
const article = (number, bis) => "art-" + int(number) + (bis ? "-" + int(bis) : "");
const numbered = (n) => (/[a-z]/.test(n[0]) ? "app-" + n[0].toUpperCase() + n.slice(1) : n);

function byNumberOnly(plain, names) {
  const m = LAST_NUMBER.exec(plain);
  if (!m) return [];
  const before = plain.slice(0, plain.length - m[1].length).trimEnd();
  const named = names.ending(before);
  if (!named || named[0].length !== before.length) return [];
  return [reference({ docs: named[1].docs, clause: article(m[1]), edition: "", dated: named[1].dated, raw: plain })];
}
