// The practice bank: data file drill/practice, less what is not in force on the reader's day.
import { isoDay, spanOn } from "../core/dates.js";
import { pageUrl, part } from "../core/site.js";
import { shuffled } from "./chance.js";

const IN_FORCE = "现行";

/** Kinds of questions in the order of a paper. */
export const TYPES = ["单选", "多选", "判断", "填空", "简答"];

const stateOn = (spans, day) => {
  const now = spanOn(spans || [], day);
  return now ? now[2] : "";
};

/** Whether a version is in force on a day, for a flashcard: amended but still the latest text too. */
export const mayShow = (version, day) =>
  Boolean(version) && [IN_FORCE, "已修改"].includes(stateOn(version.spans, day));

/** 现行，自2021年9月1日 … as the day has it. */
export function validityWords(version, day) {
  const now = spanOn(version.spans, day);
  return now ? now[3] || now[2] : "效力待核";
}

/** The bank on a day: {items, posts, versions, bases, left}; `left` is how many are not in force. */
export async function bankOn(day) {
  const raw = await part("drill/practice");
  const today = day || isoDay();
  const good = raw.versions.map((v) => stateOn(v.spans, today) === IN_FORCE);
  const items = raw.items.filter((i) => good[i.version]);
  return {
    items, posts: raw.posts, versions: raw.versions, bases: raw.bases,
    left: raw.items.length - items.length, built: raw.built,
  };
}

/** Address of the clause that an item (or card) rests on. */
export function clauseUrl(version, id) {
  const at = id.indexOf("#");
  return pageUrl(version.page + (at < 0 ? "" : id.slice(at)));
}

/** The items that a reader asked for: {post, ref, types, only}; "" and [] are all. */
export function fitting(bank, wanted) {
  const post = wanted.post ? bank.posts.indexOf(wanted.post) : -1;
  return bank.items.filter(
    (i) =>
      (!wanted.post || i.posts.includes(post)) &&
      (!wanted.ref || bank.versions[i.version].ref === wanted.ref) &&
      (!wanted.types || !wanted.types.length || wanted.types.includes(i.type)) &&
      (!wanted.only || wanted.only.has(i.item))
  );
}

/** `n` of them in an order of chance: a clause comes again only when there is no other left. */
export function drawn(items, n, random) {
  const seen = new Map();
  const rounds = [];
  shuffled(items, random).forEach((item) => {
    const round = seen.get(item.id) || 0;
    seen.set(item.id, round + 1);
    (rounds[round] = rounds[round] || []).push(item);
  });
  return [].concat(...rounds).slice(0, n);
}

/** The right answer in words. */
export function rightWords(item) {
  if (item.type === "单选" || item.type === "多选") {
    return Array.from(item.answer).map((c) => c + "．" + item.options["ABCDEFGH".indexOf(c)]).join("\n");
  }
  if (item.type === "简答") return item.points.map((p, i) => i + 1 + "．" + p).join("\n");
  return item.answer;
}

/** A question as words: its stem and, one a line, its options. */
export function askedWords(item) {
  const options = (item.options || []).map((o, i) => "ABCDEFGH"[i] + "．" + o);
  return [item.stem, ...options].join("\n");
}
