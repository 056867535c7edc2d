// The basket: clauses that the reader collects, in the reader's order.
import { isDay, isoDay } from "../core/dates.js";
import { el } from "../core/dom.js";
import { load, save } from "../core/store.js";
import { isId } from "./ids.js";

/** Key of the basket in the store. */
export const BASKET = "basket";
/** Most entries, and the longest comment, that a basket takes. */
export const MOST = 2000;
export const LONGEST_COMMENT = 2000;

/** What of a stored or imported value is a basket: entries {id, added, comment?}, each id once. */
export function basketOf(value) {
  const seen = new Set();
  const out = [];
  (Array.isArray(value) ? value : []).forEach((e) => {
    if (out.length >= MOST || !e || typeof e !== "object" || !isId(e.id) || seen.has(e.id)) return;
    seen.add(e.id);
    const entry = { id: e.id, added: isDay(e.added) ? e.added : isoDay() };
    if (typeof e.comment === "string" && e.comment.trim()) {
      entry.comment = e.comment.slice(0, LONGEST_COMMENT);
    }
    out.push(entry);
  });
  return out;
}

/** The entries, in the reader's order. */
export const entries = () => basketOf(load(BASKET, []));

/** Replace the whole basket; false where it is held for this page only. */
export const setEntries = (list) => save(BASKET, basketOf(list));

/** Whether an id is in the basket. */
export const has = (id) => entries().some((e) => e.id === id);

/** Put an id at the end; false where it is no id or the basket is full. */
export function add(id) {
  const list = entries();
  if (!isId(id) || list.length >= MOST) return false;
  if (!list.some((e) => e.id === id)) setEntries(list.concat([{ id, added: isoDay() }]));
  return true;
}

/** Take an id out. */
export function remove(id) {
  const list = entries();
  const left = list.filter((e) => e.id !== id);
  if (left.length !== list.length) setEntries(left);
}

/** Show on a button whether its clause is in the basket. */
export function paintButton(button, isIn) {
  button.setAttribute("aria-pressed", isIn ? "true" : "false");
  const words = isIn ? "已在篮子" : "加入篮子";
  if (button.textContent !== words) button.textContent = words;
}

/** A button that puts a clause into the basket or takes it out; `id` is doc@date#clause. */
export function keepButton(id) {
  const button = el("button", { type: "button", class: "kb-keep", "data-id": id });
  paintButton(button, has(id));
  return button;
}
