// 每日一页: the same sheet for everybody who works at a post on a day. Three lines to remember, three
// questions; the answers stand apart.
import { chineseDate, isoDay } from "../core/dates.js";
import { announce, el, fill } from "../core/dom.js";
import { OURS } from "../core/ours.js";
import { bankOn, fitting, rightWords } from "./bank.js";
import { dayAfter, dayNumber } from "./boxes.js";
import { chance, seedOf, shuffled } from "./chance.js";
import { cardsOf } from "./cards.js";
import { blocksOfItem, slideOfItem } from "./question.js";
import { addTools } from "./sheets.js";

const EACH = 3;
const KINDS = [["判断"], ["单选", "多选"], ["填空"]];
const EVERYBODY = "全体员工";
const WEEK = "日一二三四五六";
const LETTERS = "ABCDEFGH";

/** `n` of a list on a day, so that all have their turn before one comes again. */
export function turnOf(list, n, seed, day) {
  if (!list.length) return [];
  const order = shuffled(list, chance(seedOf(seed)));
  const start = (dayNumber(day) * n) % order.length;
  return Array.from({ length: Math.min(n, order.length) }, (_, i) => order[(start + i) % order.length]);
}

/** A question of each kind in turn, no clause twice; what a post lacks, everybody's questions give. */
function questionsOn(bank, post, day, told) {
  const out = [];
  const take = (found, seed) => {
    const left = found.filter((i) => !told.includes(i.id) && !out.some((o) => o.id === i.id));
    out.push(...turnOf(left, 1, seed, day));
  };
  [post.name, EVERYBODY, ""].forEach((name) => {
    if (name && !bank.posts.includes(name)) return;
    for (let round = 0; round < 2; round++) {
      KINDS.forEach((types, i) => {
        if (out.length < EACH) take(fitting(bank, { post: name, types }), post.id + name + i + round);
      });
    }
  });
  return out;
}

/** What a day's sheet holds: {lines: [{text, cite}], items}. */
export async function sheetOn(post, day) {
  const deck = await cardsOf(post.id, day);
  const bank = await bankOn(day);
  const lines = [];
  deck.cards.forEach((c) => c.lines.forEach((x) => lines.push({ text: x.t + (x.only ? "（" + x.only + "）" : ""), cite: c.cite, id: c.id })));
  const chosen = turnOf(lines, EACH, post.id, day);
  // what stands above as a line would give the answer away
  return { lines: chosen, items: questionsOn(bank, post, day, chosen.map((x) => x.id)) };
}

const dayWords = (day) => chineseDate(day) + " 星期" + WEEK[new Date(day + "T12:00:00Z").getUTCDay()];

const answerWords = (item) =>
  item.type === "单选" || item.type === "多选" ? item.answer + "（" + rightWords(item).replace(/\n/g, "；") + "）" : rightWords(item);

/** The sheet as an element, with its buttons. */
function shown(post, day, found) {
  const title = post.name + "　" + dayWords(day);
  const questions = found.items.map((item) =>
    el("li", {}, [
      el("span", { class: "kb-tag" }, [item.type]),
      item.stem,
      item.options ? el("ul", { class: "kb-plain" }, item.options.map((o, i) => el("li", {}, [LETTERS[i] + "．" + o]))) : null,
      el("details", { class: "kb-today-answer" }, [
        el("summary", {}, ["看答案"]),
        el("p", {}, [el("b", {}, [answerWords(item)]), el("small", { class: "kb-soft" }, ["　" + item.citation])]),
      ]),
    ])
  );
  const turned = el("div", { class: "kb-turned", "aria-hidden": "true" }, [
    el("p", {}, ["答案　" + found.items.map((i, n) => n + 1 + "．" + answerWords(i)).join("　")]),
  ]);
  const section = el("section", { class: "kb-card kb-today", "data-kb-sheet": title }, [
    el("h2", {}, [title]),
    el("h3", {}, ["记三条"]),
    el("p", { class: "kb-own" }, [OURS]),
    el("ol", {}, found.lines.map((x) =>
      el("li", { "data-cite": x.cite }, [el("span", { class: "kb-line" }, [x.text]), el("small", { class: "kb-soft kb-cite-line" }, [x.cite])])
    )),
    el("h3", {}, ["问三题"]),
    questions.length ? el("ol", {}, questions) : el("p", { class: "kb-soft" }, ["收录的条款还出不了题。"]),
    turned,
    el("p", { class: "kb-soft kb-today-foot" }, ["安规库每日一页。同一天、同一岗位，谁打开都是这一页（收录的内容相同时）。条款效力按这一天计算。"]),
  ]);
  addTools(section, {
    slides: () => [
      ...found.lines.map((x) => ({ text: x.text, cite: OURS + "　" + x.cite })),
      ...found.items.map(slideOfItem),
    ],
    sheet: () => ({
      title,
      blocks: [
        { kind: "head", text: "记三条" },
        { kind: "mark", text: OURS + "，正式引用请查官方文本" },
        ...[].concat(...found.lines.map((x) => [{ kind: "item", text: x.text }, { kind: "cite", text: x.cite }])),
        { kind: "head", text: "问三题（答案见下一张）" },
        ...[].concat(...found.items.map((i, n) =>
          blocksOfItem(i, false).slice(1).map((b, k) => (k ? b : { kind: "text", text: n + 1 + "．（" + i.type + "）" + b.text }))
        )),
        { kind: "break" },
        { kind: "title", text: title + "　答案" },
        ...[].concat(...found.items.map((i) => [{ kind: "item", text: answerWords(i) }, { kind: "cite", text: i.citation }])),
      ],
    }),
  });
  section.append(section.querySelector(".kb-sheet-tools"));
  return section;
}

/** The pane: `open(post, day)` shows a sheet; `moved(day)` is told when the reader turns over. */
export function todayPane(box, moved) {
  let opened = 0;

  async function open(post, day) {
    const mine = (opened += 1);
    fill(box, [el("p", { class: "kb-soft" }, ["正在排这一页……"])]);
    let found;
    try {
      found = await sheetOn(post, day);
    } catch (e) {
      fill(box, [el("p", { class: "kb-warn" }, [e.message + "。请重新生成网站（kb site），或换一个岗位。"])]);
      return;
    }
    if (mine !== opened) return;
    const turn = (words, n) =>
      el("button", { type: "button", class: "kb-button", onclick: () => moved(dayAfter(day, n)) }, [words]);
    fill(box, [
      el("p", { class: "kb-drill-row kb-today-days" }, [
        turn("← 前一天", -1),
        el("strong", { "aria-live": "polite" }, [dayWords(day)]),
        turn("后一天 →", 1),
        day === isoDay() ? null : el("button", { type: "button", class: "kb-button", onclick: () => moved(isoDay()) }, ["回到今天"]),
      ]),
      shown(post, day, found),
    ]);
    announce(dayWords(day));
  }

  return { open };
}
