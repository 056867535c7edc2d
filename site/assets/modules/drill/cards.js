// 记要点: flashcards of a post, each coming again after 1, 2, 4 … days, as long as it is known.
import { isoDay } from "../core/dates.js";
import { announce, el, fill } from "../core/dom.js";
import { OURS } from "../core/ours.js";
import { lost } from "../core/store.js";
import { pageUrl, part } from "../core/site.js";
import { mayShow } from "./bank.js";
import { GRADES, grade, learned, rememberPost, sorted, streak } from "./boxes.js";
import { addTools } from "./sheets.js";
import { openShow } from "./show.js";
import { showSource } from "./source.js";

const FRESH = 15; // new cards of one sitting
const SITTING = 40;
const AGAIN = 4; // cards until one that was not known comes again

const button = (words, run, more) =>
  el("button", Object.assign({ type: "button", class: "kb-button", onclick: run }, more || {}), words);

/** What a card says, a line each. */
export const answerOf = (card) =>
  card.lines.map((x, i) => (card.lines.length > 1 ? i + 1 + "．" : "") + x.t + (x.only ? "（" + x.only + "）" : "")).join("\n");

/** Cards as slides: the answer hidden. */
export const slidesOfCards = (cards) =>
  cards.map((c) => ({ text: c.ask, answer: answerOf(c), cite: OURS + "　" + c.cite }));

/** The cards of a post that are in force on a day: {name, cards, versions}. */
export async function cardsOf(post, day) {
  const data = await part("drill/" + post);
  const ok = (c) => mayShow(data.versions[c.id.split("#")[0]], day);
  return { name: data.name, versions: data.versions, cards: data.cards.filter(ok) };
}

/** The pane of flashcards: `open(post)` shows a post. */
export function cardsPane(box) {
  const state = { deck: null, queue: [], at: 0, done: 0, tally: [0, 0, 0, 0], shown: false, opened: 0 };

  async function open(post) {
    const mine = (state.opened += 1);
    state.queue = [];
    if (!post) return fill(box, [el("p", { class: "kb-soft" }, ["先选一个岗位。"])]);
    fill(box, [el("p", { class: "kb-soft" }, ["正在取这个岗位的要点……"])]);
    try {
      const deck = await cardsOf(post, isoDay());
      if (mine !== state.opened) return; // another post was chosen meanwhile
      state.deck = deck;
      state.post = post;
      start();
    } catch (e) {
      fill(box, [el("p", { class: "kb-warn" }, [e.message + "。请重新生成网站（kb site），或换一个岗位。"])]);
    }
  }

  function start() {
    const { cards, name } = state.deck;
    const day = isoDay();
    const now = learned();
    const { due, fresh, changed, known } = sorted(cards, now, day);
    const sitting = [...due, ...fresh.slice(0, FRESH)].slice(0, SITTING);
    const days = streak(now.days, day);
    const figure = (n, words) => el("li", {}, [el("b", {}, [String(n)]), " " + words]);
    const begin = button(["开始（" + sitting.length + " 张）"], () => run(sitting), { class: "kb-button kb-button-main" });
    fill(box, [
      el("ul", { class: "kb-figures kb-drill-figures" }, [
        figure(due.length, "张到期"),
        figure(fresh.length, "张没学过"),
        figure(known, "张记牢了（共 " + cards.length + " 张）"),
        figure(days, "天连着在练"),
      ]),
      changed.length
        ? el("p", { class: "kb-warn" }, ["有改动：" + changed.length + " 张卡的内容改过，进度还在，请再看一遍。"])
        : null,
      lost().includes("drill")
        ? el("p", { class: "kb-warn" }, [
            "浏览器没有存下进度（满了或不让存），关掉本页就没了。请到",
            el("a", { href: pageUrl("mine/") }, ["我的"]),
            "导出一份。",
          ])
        : null,
      el("p", { class: "kb-drill-row" }, [
        sitting.length ? begin : el("strong", {}, ["今天的都练完了，明天再来。"]),
        sitting.length ? null : button(["不管到没到期，再练一遍"], () => run(cards.slice(0, SITTING))),
        button(["投影全部"], () => openShow(name + "：要点", slidesOfCards(cards))),
      ]),
      el("p", { class: "kb-soft kb-drill-keys" }, ["键盘：空格看答案，1 会，2 模糊，3 不会。"]),
    ]);
  }

  function run(cards) {
    rememberPost(state.post); // it may have come from an address
    Object.assign(state, { queue: cards.slice(), at: 0, done: 0, tally: [0, 0, 0, 0] });
    ask();
  }

  function ask() {
    const card = state.queue[state.at];
    if (!card) return end();
    state.shown = false;
    const now = learned().cards.get(card.k);
    const answer = el("div", { class: "kb-card-back" });
    const turn = button(["看答案"], () => show(), { class: "kb-button kb-button-main" });
    const face = el("section", { class: "kb-card", tabindex: "-1", "aria-label": "要点卡", "data-kb-sheet": card.ask }, [
      el("p", { class: "kb-card-top" }, [
        el("span", {}, ["第 " + (state.at + 1) + " / " + state.queue.length + " 张"]),
        el("span", {}, [card.about]),
        now && now[2] !== card.h ? el("span", { class: "kb-card-new" }, ["有改动"]) : null,
      ]),
      el("h3", { class: "kb-card-ask" }, [card.ask]),
      card.lines.length > 1 ? el("p", { class: "kb-soft" }, ["要说出 " + card.lines.length + " 点。"]) : null,
      answer,
      el("p", { class: "kb-drill-row kb-drill-no" }, [turn]),
    ]);
    state.parts = { card, face, answer, turn };
    fill(box, [face, el("p", { class: "kb-drill-row" }, [button(["结束这一次"], () => start())])]);
    addTools(face, {
      slides: () => slidesOfCards([card]),
      sheet: () => ({
        title: card.ask,
        blocks: [
          { kind: "mark", text: OURS + "，正式引用请查官方文本" },
          ...card.lines.map((x) => ({ kind: "item", text: x.t + (x.only ? "（" + x.only + "）" : "") })),
          { kind: "cite", text: card.cite },
        ],
      }),
      print: () => {
        show();
        return face;
      },
    });
    face.append(face.querySelector(".kb-sheet-tools"));
    face.focus({ preventScroll: true });
    announce(card.ask);
  }

  function show() {
    const { card, face, answer, turn } = state.parts;
    if (state.shown) return;
    state.shown = true;
    const source = el("div", { class: "kb-card-source" });
    fill(answer, [
      el("p", { class: "kb-own" }, [OURS]),
      el(
        "ol",
        { class: "kb-card-lines" },
        card.lines.map((x) =>
          el("li", { "data-cite": card.cite }, [
            el("span", { class: "kb-line" }, [x.t, x.only ? "（" + x.only + "）" : ""]),
            el("small", { class: "kb-soft" }, ["　" + x.card]),
          ])
        )
      ),
      source,
    ]);
    turn.parentNode.replaceWith(
      el("div", { class: "kb-drill-row kb-grades kb-drill-no", role: "group", "aria-label": "记得怎样" },
        [1, 2, 3].map((g) =>
          button([el("kbd", { "aria-hidden": "true" }, [String(g)]), GRADES[g]], () => answered(g), { "data-grade": String(g) })
        )
      )
    );
    face.focus({ preventScroll: true });
    announce(answerOf(card));
    showSource(source, card, state.deck.versions[card.id.split("#")[0]], isoDay());
  }

  function answered(g) {
    if (!state.shown) return;
    const { card } = state.parts;
    grade(card, g);
    state.tally[g] += 1;
    if (g === 3) state.queue.splice(Math.min(state.at + AGAIN, state.queue.length), 0, card);
    state.at += 1;
    ask();
  }

  function end() {
    const [, good, half, bad] = state.tally;
    state.queue = [];
    fill(box, [
      el("section", { class: "kb-card", tabindex: "-1", "aria-label": "这一次的结果" }, [
        el("h3", {}, ["这一次练完了"]),
        el("p", {}, ["会 " + good + "，模糊 " + half + "，不会 " + bad + "。不会的和模糊的明天还会出现。"]),
        el("p", { class: "kb-drill-row" }, [button(["回到开始"], () => start(), { class: "kb-button kb-button-main" })]),
      ]),
    ]);
    box.firstChild.focus({ preventScroll: true });
    announce("这一次练完了");
  }

  /** A key that is meant for a card; true where it was. */
  function key(e) {
    if (!state.queue.length || box.hidden || !box.offsetParent) return false;
    if (!state.shown && (e.key === " " || e.key === "Enter")) {
      if (e.target instanceof HTMLButtonElement || e.target instanceof HTMLAnchorElement) return false;
      show();
    } else if (state.shown && GRADES[e.key]) answered(Number(e.key));
    else return false;
    return true;
  }

  return { open, key };
}
