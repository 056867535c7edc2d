// Texts that the reader pasted for clauses whose text is not here. They are the reader's, never law:
// shown and exported only with their mark, and nothing searches them.
import { chineseDate, isDay, isoDay } from "../core/dates.js";
import { load, save } from "../core/store.js";
import { isId } from "./ids.js";

/** Key of pasted texts in the store. */
export const PASTED = "pasted";
/** Longest text of one clause, and the most texts. */
export const LONGEST_TEXT = 50000;
const MOST = 2000;

/** What of a stored or imported value are pasted texts: [{id, text, day}], each id once. */
export function pastedOf(value) {
  const seen = new Set();
  const out = [];
  (Array.isArray(value) ? value : []).forEach((e) => {
    if (out.length >= MOST || !e || typeof e !== "object" || !isId(e.id) || seen.has(e.id)) return;
    if (typeof e.text !== "string" || !e.text.trim() || e.text.length > LONGEST_TEXT) return;
    seen.add(e.id);
    out.push({ id: e.id, text: e.text, day: isDay(e.day) ? e.day : isoDay() });
  });
  return out;
}

/** All of them, the oldest first. */
export const allPasted = () => pastedOf(load(PASTED, []));

/** Replace all. */
export const setPasted = (list) => save(PASTED, pastedOf(list));

/** The text pasted for an id, {id, text, day}; null where there is none. */
export const pastedFor = (id) => allPasted().find((e) => e.id === id) || null;

/** Keep a text for an id; "" when done, else why not, for the reader. */
export function paste(id, text) {
  if (!text.trim()) return "没有内容：请先粘贴原文";
  if (text.length > LONGEST_TEXT) return "太长了：一条最多 " + LONGEST_TEXT + " 字，请只粘贴这一条";
  const rest = allPasted().filter((e) => e.id !== id);
  if (rest.length >= MOST) return "已经存了 " + MOST + " 条，请先导出并删掉一部分";
  setPasted(rest.concat([{ id, text: text.replace(/\r\n?/g, "\n").trim(), day: isoDay() }]));
  return "";
}

/** Keep nothing for an id any more; gives what was kept. */
export function unpaste(id) {
  const old = pastedFor(id);
  setPasted(allPasted().filter((e) => e.id !== id));
  return old;
}

/** The mark that such a text always carries. */
export const pastedMark = (entry) => "用户录入，" + chineseDate(entry.day) + "，不是本站收录的原文";
