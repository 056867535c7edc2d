// What a search is limited to, from the words of a reader: kb/search/filters.py.

const NEAR = 5; // suggestions

/** The filters that are given, under their own names; one value or several. */
const NAMES = {
  kinds: "kind",
  docs: "doc",
  statuses: "status",
  posts: "post",
  hazards: "hazard",
  activities: "activity",
  accidents: "accident",
  cards: "card",
};

const listOf = (value) =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value])
    .map(String)
    .filter(Boolean);

/**
 * {kinds, docs, statuses (null: those of a default search), region, posts, hazards, activities,
 * accidents, cards}; an unknown word throws an Error for the reader.
 *
 * `known` holds what openEngine has: settings, names, folding, terms (the value of
 * assets/kb/s/terms), regions.
 */
export function readFilters(given, known) {
  const asked = {};
  Object.keys(NAMES).forEach((name) => {
    asked[name] = listOf(given[name]).concat(listOf(given[NAMES[name]]));
  });
  const { settings, names, terms } = known;
  const docs = new Set();
  asked.docs.forEach((name) => {
    const found = names.get(name, known.folding);
    if (!found.length) throw new Error("没有这份文件：" + quoted(name));
    found.forEach((id) => docs.add(id));
  });
  const own = (list) => new Map(list.map((x) => [x, x]));
  const accidents = new Map(Object.entries(terms.accidents));
  return {
    docs: Array.from(docs),
    statuses: statusesOf(asked.statuses, settings),
    region: given.region ? fullRegion(String(given.region), known.regions, settings.provinces) : "",
    kinds: asked.kinds.map((word) => kindOf(word, settings)),
    posts: asked.posts.map((w) => oneOf(w, "岗位", new Map(Object.entries(terms.posts)))),
    hazards: asked.hazards.map((w) => oneOf(w, "危险有害因素", own(terms.hazards))),
    activities: asked.activities.map((w) => oneOf(w, "作业活动", own(terms.activities))),
    accidents: [].concat(...asked.accidents.map((w) => oneOf(w, "事故类型", accidents))),
    cards: asked.cards.map((word) => cardOf(word, settings)),
  };
}

const quoted = (word) => "'" + word + "'";
const own = (table, key) => (Object.prototype.hasOwnProperty.call(table, key) ? table[key] : "");

function statusesOf(words, s) {
  if (words.includes("all")) return s.statuses.slice();
  words.forEach((word) => {
    if (!s.statuses.includes(word)) {
      throw new Error(
        "没有这种效力：" + quoted(word) + "。可用：" + s.statuses.join("、") + "；all 为全部"
      );
    }
  });
  return words.length ? words : null;
}

function kindOf(word, s) {
  const found = own(s.kinds, word);
  if (found) return found;
  const all = Object.keys(s.kind_words).map((kind) => kind + "（" + s.kind_words[kind] + "）");
  throw new Error("没有这一类文件：" + quoted(word) + "。可用：" + all.join("、"));
}

function cardOf(word, s) {
  const found = own(s.cards, word);
  if (found) return found;
  throw new Error("没有这种卡：" + quoted(word) + "。可用：风险、职责、操作、应急");
}

function oneOf(word, what, known) {
  if (known.has(word)) return known.get(word);
  const signs = new Set(word);
  const shared = (key) => Array.from(new Set(key)).filter((c) => signs.has(c)).length;
  const near = Array.from(known.keys())
    .sort((a, b) => shared(b) - shared(a) || a.length - b.length || (a < b ? -1 : 1))
    .slice(0, NEAR);
  throw new Error("没有这个" + what + "：" + quoted(word) + "。相近的有：" + near.join("、"));
}

// --- regions: kb/catalog/regions.py ----------------------------------------------------------

const ENDINGS = ["特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区"];
const ONE = "省市区县镇乡";

function shortOf(region) {
  const ending = ENDINGS.find((x) => region.endsWith(x));
  if (ending) return region.slice(0, -ending.length);
  return ONE.includes(region[region.length - 1]) ? region.slice(0, -1) : region;
}

/** The full name of a region that a reader names (重庆, 江津区); an unknown one throws. */
function fullRegion(word, known, provinces) {
  const name = word.replace(/\s+/g, "");
  if (provinces.some((p) => name.startsWith(p))) return name;
  const all = Array.from(new Set(provinces.concat(known)));
  // the last part only: 涪陵区 is not the name of 涪陵区马武镇
  const called = (r) => r.endsWith(name) || shortOf(r).endsWith(name);
  const found = name ? all.filter(called) : [];
  if (found.length === 1) return found[0];
  if (found.length) throw new Error("地区 " + quoted(name) + " 不止一个：" + found.join("、") + "。请写全");
  const heads = name.length > 2 ? provinces.filter((p) => name.startsWith(shortOf(p))) : [];
  if (heads.length === 1) return heads[0] + name.slice(shortOf(heads[0]).length);
  throw new Error("不认识的地区：" + quoted(name) + "。请从省一级写起，如 重庆市江津区、浙江省绍兴市");
}

const appliesIn = (region, place) => !region || place.startsWith(region);

// --- what they allow --------------------------------------------------------------------------

/** Kind, document and region. */
export function allowsDocument(filters, doc) {
  return (
    (!filters.kinds.length || filters.kinds.includes(doc.kind)) &&
    (!filters.docs.length || filters.docs.includes(doc.id)) &&
    (!filters.region || appliesIn(doc.region, filters.region))
  );
}

/** Validity on the day of the search. */
export const allowsStatus = (filters, status, s) =>
  (filters.statuses || s.default).includes(status);

/** The facets of notes that anything is asked of: [[name, values]]. */
export const askedOfNotes = (filters) =>
  ["posts", "hazards", "activities", "accidents", "cards"]
    .filter((name) => filters[name].length)
    .map((name) => [name, filters[name]]);
