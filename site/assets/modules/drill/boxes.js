// What the reader has learned: boxes (Leitner) of flashcards, days of practice, questions got wrong.
//
// Everything that is read from the store may come from anybody's file: it is checked, and what is
// not as it must be is left out. Keys: cards `post/doc#clause/front`, wrong questions 12 hex.
import { isDay, isoDay } from "../core/dates.js";
import { load, save } from "../core/store.js";

const KEY = "drill";
const MOST_CARDS = 20000;
const MOST_WRONG = 5000;
const MOST_DAYS = 800;
const CARD = /^[a-z0-9][a-z0-9-]{0,60}\/[^\s#]{1,160}#\S{1,200}$/;
const HASH = /^[0-9a-f]{1,16}$/;
const ITEM = /^[0-9a-f]{12}$/;
const POST = /^[a-z0-9][a-z0-9-]{0,60}$/;
const BOXES = [0, 1, 2, 4, 8, 16, 32]; // days until a card of a box comes again
const ONE_DAY = 86400000;

/** Highest box. */
export const LAST_BOX = BOXES.length - 1;
/** From this box on a card counts as learned. */
export const KNOWN = 4;
/** The three answers of a reader, by the key that gives them. */
export const GRADES = { 1: "会", 2: "模糊", 3: "不会" };

const count = (v, most) => Number.isInteger(v) && v >= 0 && v <= most;
const isPlain = (v) => typeof v === "object" && v !== null && !Array.isArray(v);

function mapOf(raw, most, key, value) {
  const out = new Map();
  if (!isPlain(raw)) return out;
  for (const k of Object.keys(raw)) {
    if (out.size >= most) break;
    if (key(k) && value(raw[k])) out.set(k, raw[k]);
  }
  return out;
}

/** {cards, wrong, days, post}: cards [box, due, hash]; wrong [times, last day, right in a row]. */
export const learned = () => learnedOf(load(KEY, {}));

/** The same of any value, which may come from anybody's file: what is not as it must be is left out. */
function learnedOf(raw) {
  const at = isPlain(raw) ? raw : {};
  return {
    cards: mapOf(at.cards, MOST_CARDS, (k) => CARD.test(k), (v) =>
      Array.isArray(v) && v.length === 3 && count(v[0], LAST_BOX) && isDay(v[1]) &&
      typeof v[2] === "string" && HASH.test(v[2])),
    wrong: mapOf(at.wrong, MOST_WRONG, (k) => ITEM.test(k), (v) =>
      Array.isArray(v) && v.length === 3 && count(v[0], 9999) && isDay(v[1]) && count(v[2], 9)),
    days: mapOf(at.days, MOST_DAYS, isDay, (v) => count(v, 99999)),
    post: typeof at.post === "string" && POST.test(at.post) ? at.post : "",
  };
}

const plain = (map) => {
  const out = {};
  map.forEach((v, k) => {
    out[k] = v;
  });
  return out;
};

function storedOf(state) {
  const days = Array.from(state.days.keys()).sort().slice(-MOST_DAYS);
  return {
    cards: plain(state.cards),
    wrong: plain(state.wrong),
    days: plain(new Map(days.map((d) => [d, state.days.get(d)]))),
    post: state.post,
  };
}

const keep = (state) => save(KEY, storedOf(state));

/** What of an imported value is progress, in its stored form; null where it is none at all. */
export const cleanDrill = (raw) => (isPlain(raw) ? storedOf(learnedOf(raw)) : null);

/** Two stored progresses in one: of a card or a question the one answered later, of a day the more. */
export function mergeDrill(mine, other) {
  const one = learnedOf(mine);
  const two = learnedOf(other);
  const later = (map, key, value) => {
    const now = map.get(key);
    if (!now || value[1] > now[1]) map.set(key, value);
  };
  two.cards.forEach((v, k) => later(one.cards, k, v));
  two.wrong.forEach((v, k) => later(one.wrong, k, v));
  two.days.forEach((n, day) => one.days.set(day, Math.max(n, one.days.get(day) || 0)));
  one.post = one.post || two.post;
  return storedOf(one);
}

/** The day `n` days after one. */
export function dayAfter(day, n) {
  return new Date(Date.parse(day + "T00:00:00Z") + n * ONE_DAY).toISOString().slice(0, 10);
}

/** Days from the first of 1970 to a day: the same everywhere. */
export const dayNumber = (day) => Math.round(Date.parse(day + "T00:00:00Z") / ONE_DAY);

/** Box and next day of a card after an answer: 会 moves it on, 不会 brings it back to the start. */
export function moved(box, grade, day) {
  if (grade === 3) return [0, day];
  const to = grade === 1 ? Math.min(box + 1, LAST_BOX) : Math.max(box, 1);
  return [to, dayAfter(day, grade === 1 ? BOXES[to] : 1)];
}

const counted = (state, day) => state.days.set(day, (state.days.get(day) || 0) + 1);

/** Keep the answer to a card; false where it is held for this page only. */
export function grade(card, answer, day) {
  const state = learned();
  const now = state.cards.get(card.k);
  const [box, due] = moved(now ? now[0] : 0, answer, day || isoDay());
  state.cards.set(card.k, [box, due, card.h]);
  counted(state, day || isoDay());
  return keep(state);
}

/** Keep whether a question was answered rightly; twice right in a row takes it off the list. */
export function answered(item, right, day) {
  const state = learned();
  const today = day || isoDay();
  const now = state.wrong.get(item);
  if (!right) state.wrong.set(item, [Math.min((now ? now[0] : 0) + 1, 9999), today, 0]);
  else if (now && now[2] >= 1) state.wrong.delete(item);
  else if (now) state.wrong.set(item, [now[0], today, now[2] + 1]);
  counted(state, today);
  return keep(state);
}

/** Take questions off the list of those got wrong. */
export function forgive(items) {
  const state = learned();
  items.forEach((i) => state.wrong.delete(i));
  return keep(state);
}

/** Remember which post the reader works at. */
export function rememberPost(post) {
  const state = learned();
  if (state.post === post) return;
  state.post = post;
  keep(state);
}

/** Days in a row with practice, up to today (or yesterday, as long as today is open). */
export function streak(days, today) {
  let day = days.has(today) ? today : dayAfter(today, -1);
  let n = 0;
  while (days.has(day)) {
    n += 1;
    day = dayAfter(day, -1);
  }
  return n;
}

/** {due, fresh, changed, known}: cards that are to come, never seen, altered since, learned. */
export function sorted(cards, state, day) {
  const out = { due: [], fresh: [], changed: [], known: 0 };
  cards.forEach((card) => {
    const now = state.cards.get(card.k);
    if (!now) out.fresh.push(card);
    else {
      if (now[2] !== card.h) out.changed.push(card);
      if (now[1] <= day || now[2] !== card.h) out.due.push(card);
      if (now[0] >= KNOWN) out.known += 1;
    }
  });
  return out;
}
