// 做题 and 错题本: questions of the practice bank, judged at once; what was wrong comes again.
import { isoDay } from "../core/dates.js";
import { announce, el, fill } from "../core/dom.js";
import { bankOn, drawn, fitting, TYPES } from "./bank.js";
import { answered, forgive, learned } from "./boxes.js";
import { chance } from "./chance.js";
import { paperOf } from "./paper.js";
import { itemLine, questionIn, slideOfItem } from "./question.js";
import { printOne } from "./sheets.js";
import { openShow } from "./show.js";

const COUNTS = [10, 20, 50, 100];

const button = (words, run, more) =>
  el("button", Object.assign({ type: "button", class: "kb-button", onclick: run }, more || {}), [words]);
const main = { class: "kb-button kb-button-main" };
const option = (value, words) => el("option", { value }, [words]);
const field = (words, control) => el("label", { class: "kb-field" }, [el("span", {}, [words]), control]);
const random = () => chance((Math.random() * 4294967296) >>> 0);

/** The panes of questions: `setup(box)` and `wrong(box)`; both run in the box they are given. */
export function quizPanes() {
  const state = { bank: null, list: [], at: 0, right: 0, missed: [], now: null, box: null, back: null };

  async function bank(box) {
    if (state.bank) return state.bank;
    fill(box, [el("p", { class: "kb-soft" }, ["正在取练习题……"])]);
    try {
      state.bank = await bankOn(isoDay());
      return state.bank;
    } catch (e) {
      fill(box, [el("p", { class: "kb-warn" }, [e.message + "。请重新生成网站（kb site）。"])]);
      return null;
    }
  }

  async function setup(box, post) {
    state.now = null;
    const found = await bank(box);
    if (!found) return;
    if (!found.items.length) {
      return fill(box, [el("p", {}, ["收录的条款还出不了题。收录更多正文后重新生成网站。"])]);
    }
    const posts = el("select", {}, [option("", "所有岗位"), ...found.posts.map((p) => option(p, p))]);
    if (post && found.posts.includes(post)) posts.value = post;
    const refs = Array.from(new Set(found.items.map((i) => i.version)));
    const docs = el("select", {}, [
      option("", "所有文件"),
      ...refs.map((v) => option(found.versions[v].ref, found.versions[v].title)),
    ]);
    const counts = el("select", {}, COUNTS.map((n) => option(String(n), n + " 题")));
    const kinds = TYPES.filter((t) => found.items.some((i) => i.type === t)).map((t) =>
      el("label", { class: "kb-check" }, [el("input", { type: "checkbox", value: t, checked: t !== "简答" }), t])
    );
    const many = el("p", { class: "kb-soft", role: "status" });
    const wanted = () =>
      fitting(found, {
        post: posts.value,
        ref: docs.value,
        types: kinds.map((k) => k.firstChild).filter((c) => c.checked).map((c) => c.value),
      });
    const go = button("开始做题", () => run(box, pickOf(), () => setup(box, post)), main);
    const pickOf = () => drawn(wanted(), Number(counts.value), random());
    const tools = [
      go,
      button("打印成卷", () => printOne(paperOf(pickOf(), "安全练习题" + (posts.value ? "（" + posts.value + "）" : "")))),
      button("投影这些题", () => openShow("练习题", pickOf().map(slideOfItem))),
    ];
    const say = () => {
      const n = wanted().length;
      many.textContent = n ? "合乎条件的有 " + n + " 题。" : "没有合乎条件的题，请放宽一点。";
      tools.forEach((b) => {
        b.disabled = !n;
      });
    };
    const form = el("div", { class: "kb-drill-form" }, [
      field("岗位", posts),
      field("文件", docs),
      field("题数", counts),
      el("fieldset", { class: "kb-field kb-kinds" }, [el("legend", {}, ["题型"]), ...kinds]),
    ]);
    form.addEventListener("change", say);
    fill(box, [
      form,
      many,
      el("p", { class: "kb-drill-row" }, tools),
      el("p", { class: "kb-soft kb-drill-keys" }, [
        "键盘：1–8 或 A–H 选，回车交答案、下一题。" +
          (found.left ? "另有 " + found.left + " 题所依据的条款今天不在施行中，没有列入。" : ""),
      ]),
    ]);
    say();
  }

  /** Questions one after the other; `back` shows where the reader came from. */
  function run(box, list, back) {
    Object.assign(state, { list, at: 0, right: 0, missed: [], box, back });
    ask();
  }

  function ask() {
    const item = state.list[state.at];
    if (!item) return summary();
    state.now = questionIn(
      state.box,
      state.bank,
      item,
      "第 " + (state.at + 1) + " / " + state.list.length + " 题",
      (right) => {
        answered(item.item, right);
        if (right) state.right += 1;
        else state.missed.push(item);
      },
      () => {
        state.at += 1;
        ask();
      }
    );
    state.box.append(el("p", { class: "kb-drill-row" }, [button("不做了", () => (state.right + state.missed.length ? summary() : state.back()))]));
    if (item.type === "填空") state.now.blank.focus({ preventScroll: true });
  }

  function summary() {
    state.now = null;
    const done = state.right + state.missed.length;
    const share = done ? Math.round((100 * state.right) / done) : 0;
    const missed = state.missed.slice();
    const face = el("section", { class: "kb-card", tabindex: "-1", "aria-label": "成绩" }, [
      el("h3", {}, ["做了 " + done + " 题，对 " + state.right + " 题（" + share + "%）"]),
      el("p", { class: "kb-soft" }, [missed.length ? "做错的记进了错题本，连着做对两次才会去掉。" : "没有做错的。"]),
      ...missed.map((i) => itemLine(state.bank, i, 1)),
      el("p", { class: "kb-drill-row" }, [
        missed.length ? button("把错的再做一遍", () => run(state.box, missed, state.back), main) : null,
        button("再来一组", () => state.back(), missed.length ? {} : main),
      ]),
    ]);
    fill(state.box, [face]);
    face.focus({ preventScroll: true });
    announce("做了 " + done + " 题，对 " + state.right + " 题");
  }

  async function wrong(box) {
    state.now = null;
    const found = await bank(box);
    if (!found) return;
    const held = learned().wrong;
    const list = found.items.filter((i) => held.has(i.item));
    const gone = held.size - list.length;
    const back = () => wrong(box);
    fill(box, [
      list.length
        ? el("p", {}, ["错题 " + list.length + " 道，连着做对两次就从这里去掉。"])
        : el("p", { class: "kb-soft" }, ["错题本是空的。做题时做错的会记在这里。"]),
      gone ? el("p", { class: "kb-soft" }, ["另有 " + gone + " 道所依据的条款已经变了或不在施行中，不再出。"]) : null,
      list.length
        ? el("p", { class: "kb-drill-row" }, [
            button("重做错题", () => run(box, drawn(list, list.length, random()), back), main),
            button("打印错题", () => printOne(paperOf(list, "错题"))),
            button("投影错题", () => openShow("错题", list.map(slideOfItem))),
            button("清空错题本", () => {
              if (window.confirm("把 " + held.size + " 道错题都去掉？")) {
                forgive(Array.from(held.keys()));
                back();
              }
            }),
          ])
        : null,
      ...list.map((i) => itemLine(found, i, held.get(i.item)[0])),
    ]);
  }

  return { setup, wrong, key: (e) => Boolean(state.now && state.box && state.box.offsetParent && state.now.key(e)) };
}
