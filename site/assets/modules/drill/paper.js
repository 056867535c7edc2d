// A paper for print: questions with room to write, the answers on a page of their own.
import { chineseDate, isoDay } from "../core/dates.js";
import { el } from "../core/dom.js";
import { rightWords, TYPES } from "./bank.js";

const NUMBERS = ["一", "二", "三", "四", "五"];
const LETTERS = "ABCDEFGH";

/** The paper as an element that stands nowhere yet. */
export function paperOf(items, title) {
  const parts = TYPES.map((type) => [type, items.filter((i) => i.type === type)]).filter((p) => p[1].length);
  const name = el("p", { class: "kb-paper-name" }, ["姓名__________　岗位__________　日期__________　得分__________"]);
  const asked = [];
  const told = [];
  parts.forEach(([type, list], n) => {
    asked.push(el("h3", {}, [NUMBERS[n] + "、" + type + "（" + list.length + " 题）"]));
    asked.push(
      el("ol", {}, list.map((item) =>
        el("li", {}, [
          item.stem + (item.type === "判断" ? "（　　）" : ""),
          item.options ? el("ul", { class: "kb-plain" }, item.options.map((o, i) => el("li", {}, [LETTERS[i] + "．" + o]))) : null,
          item.type === "简答" ? el("div", { class: "kb-paper-room" }) : null,
        ])
      ))
    );
    told.push(el("h3", {}, [NUMBERS[n] + "、" + type]));
    told.push(
      el("ol", {}, list.map((item) =>
        el("li", {}, [
          item.type === "单选" || item.type === "多选" ? item.answer : rightWords(item).replace(/\n/g, "；"),
          el("small", {}, ["　" + item.citation]),
        ])
      ))
    );
  });
  return el("article", { class: "kb-paper" }, [
    el("h2", {}, [title]),
    name,
    ...asked,
    el("section", { class: "kb-paper-answers" }, [
      el("h2", {}, ["参考答案"]),
      ...told,
      el("p", { class: "kb-soft" }, [
        "安规库练习题，题干和答案取自条款原文；条款效力按" + chineseDate(isoDay()) + "计算。不是考试题。",
      ]),
    ]),
  ]);
}
