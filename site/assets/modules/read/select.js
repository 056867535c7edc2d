// 选择条款: boxes beside the clauses, then print, copy, keep or project what was chosen.
import { copy } from "../core/copy.js";
import { announce, el, toast } from "../core/dom.js";
import { openShow } from "../drill/show.js";
import { add, has } from "../keep/basket.js";
import { citationOf, citeOf, clauseId, clauseName, slidesOf } from "./words.js";

const boxes = () => Array.from(document.querySelectorAll(".kb-choose input"));
const chosen = () => boxes().filter((b) => b.checked).map((b) => b.closest(".kb-clause"));

function mark(box) {
  box.closest(".kb-clause").classList.toggle("kb-chosen", box.checked);
}

function addBoxes() {
  document.querySelectorAll(".kb-clause").forEach((clause) => {
    if (clause.querySelector(".kb-choose")) return;
    clause.dataset.c = citeOf(clause); // on paper, styles set it above the text
    const input = el("input", { type: "checkbox", "aria-label": "选择" + clauseName(clause) });
    clause.prepend(el("label", { class: "kb-act kb-choose" }, [input]));
  });
}

function printChosen() {
  const body = document.body;
  const done = () => {
    body.classList.remove("kb-print-chosen");
    window.removeEventListener("afterprint", done);
  };
  body.classList.add("kb-print-chosen");
  window.addEventListener("afterprint", done);
  window.print();
}

function copyChosen(list) {
  copy(list.map((clause) => citationOf(clause)).join("\n\n")).then(
    () => toast("已复制 " + list.length + " 条"),
    () => toast("复制不了，请选中文字后复制")
  );
}

function keepChosen(list) {
  const ids = list.map(clauseId);
  const left = ids.filter((id) => !has(id));
  const put = left.filter((id) => add(id)).length;
  const full = left.length > put ? "，篮子满了，" + (left.length - put) + " 条没有加入" : "";
  toast("已加入篮子 " + put + " 条" + (ids.length > left.length ? "，其余原来就有" : "") + full);
}

function showChosen(list) {
  openShow(document.querySelector("h1").textContent.trim(), [].concat(...list.map(slidesOf)));
}

function barWith(end) {
  const count = el("output", { class: "kb-chosen-n", "aria-live": "polite" }, ["已选 0 条"]);
  const act = (words, run) =>
    el("button", {
      type: "button", disabled: true, class: "kb-needs",
      onclick: () => run(chosen()),
    }, [words]);
  const bar = el("div", { class: "kb-act kb-choosing", role: "group", "aria-label": "所选条款" }, [
    count,
    act("打印所选", printChosen),
    act("复制所选", copyChosen),
    act("加入篮子", keepChosen),
    act("投影", showChosen),
    el("button", { type: "button", onclick: () => setAll(false) }, ["清空"]),
    el("button", { type: "button", onclick: end }, ["完成"]),
  ]);
  const tell = () => {
    const n = chosen().length;
    count.textContent = "已选 " + n + " 条";
    bar.querySelectorAll(".kb-needs").forEach((b) => {
      b.disabled = !n;
    });
  };
  function setAll(on) {
    boxes().forEach((b) => {
      b.checked = on;
      mark(b);
    });
    tell();
  }
  return { bar, tell };
}

/** The button that begins and ends choosing; null on a page without clauses. */
export function chooseButton() {
  if (!document.querySelector(".kb-clause") || !document.querySelector("[data-kb-ref]")) return null;
  const button = el("button", { type: "button", "aria-pressed": "false" }, ["选择条款"]);
  let made = null;
  const end = () => {
    document.body.classList.remove("kb-choosing-on");
    boxes().forEach((b) => {
      b.checked = false;
      mark(b);
    });
    if (made) made.bar.remove();
    made = null;
    button.setAttribute("aria-pressed", "false");
    button.focus({ preventScroll: true });
  };
  document.addEventListener("change", (e) => {
    if (!made || !e.target.closest(".kb-choose")) return;
    mark(e.target);
    made.tell();
  });
  button.addEventListener("click", () => {
    if (made) {
      end();
      return;
    }
    addBoxes();
    made = barWith(end);
    document.body.append(made.bar);
    document.body.classList.add("kb-choosing-on");
    button.setAttribute("aria-pressed", "true");
    announce("在条款旁边打勾，再用页面底部的按钮");
  });
  return button;
}
