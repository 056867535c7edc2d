// Who owns which stored value: only the owner knows what a good one is, so a file that somebody
// brings is read through it. A key without an owner is refused.
import { cleanDrill, mergeDrill } from "../drill/boxes.js";
import { basketOf } from "./basket.js";
import { pastedOf } from "./pasted.js";

const byId = (one, two) => {
  const ids = new Set(one.map((e) => e.id));
  return one.concat(two.filter((e) => !ids.has(e.id)));
};

const list = (clean) => ({
  clean: (value) => (Array.isArray(value) ? clean(value) : null),
  merge: (mine, other) => clean(byId(mine, other)),
  count: (value) => (Array.isArray(value) ? value.length : 0),
});

/** Flat switches, {name: true | false | short text | number}: how pages are shown. */
const switches = {
  clean(value) {
    if (!value || typeof value !== "object" || Array.isArray(value)) return null;
    const out = {};
    Object.keys(value).slice(0, 40).forEach((name) => {
      const v = value[name];
      const good = typeof v === "boolean" || (typeof v === "number" && isFinite(v)) || (typeof v === "string" && v.length <= 80);
      if (good && /^[a-zA-Z][\w-]{0,30}$/.test(name)) out[name] = v;
    });
    return out;
  },
  merge: (mine, other) => Object.assign({}, other, mine),
  count: (value) => Object.keys(value).length,
};

const size = (v) => (v && typeof v === "object" ? Object.keys(v).length : 0);
const countDrill = (v) => size(v && v.cards) + size(v && v.wrong) + size(v && v.days);

/**
 * Key → {name, clean(value) → the good part or null, merge(mine, other), count(value)}. `mine` wins
 * in a merge.
 */
export const OWNERS = new Map([
  ["basket", Object.assign({ name: "篮子" }, list(basketOf))],
  ["pasted", Object.assign({ name: "粘贴的原文" }, list(pastedOf))],
  ["drill", { name: "练习进度", clean: cleanDrill, merge: mergeDrill, count: countDrill }],
  ["show", Object.assign({ name: "投影的设置" }, switches)],
  ["notes", { name: "显示要点的设置", clean: (v) => (typeof v === "boolean" ? v : null), merge: (mine) => mine, count: () => 1 }],
]);

/** Name of a key for the reader. */
export const nameOf = (key) => (OWNERS.has(key) ? OWNERS.get(key).name : key);
