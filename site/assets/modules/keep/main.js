// Keeping: the basket and its buttons, the page 我的, pasted texts, and what could not be stored.
import { toast } from "../core/dom.js";
import { onChange } from "../core/store.js";
import { BASKET, MOST, add, entries, has, paintButton, remove } from "./basket.js";

function paintAll() {
  const list = entries();
  const ids = new Set(list.map((e) => e.id));
  document.querySelectorAll("button.kb-keep").forEach((b) => paintButton(b, ids.has(b.dataset.id)));
  document.querySelectorAll(".kb-basket").forEach((link) => {
    const count = link.querySelector(".kb-basket-n");
    if (count) count.textContent = list.length ? String(list.length) : "";
    link.setAttribute("aria-label", list.length ? "我的篮子，" + list.length + " 条" : "我的篮子");
  });
}

function onKeep(button) {
  const id = button.dataset.id;
  if (has(id)) {
    remove(id);
    toast("已从篮子拿出");
  } else if (add(id)) toast("已加入篮子");
  else toast("篮子满了（" + MOST + " 条），没有加入。请先导出并清空一部分");
}

/** Keeping: the basket, exports, pasted texts. */
export function wireKeep() {
  document.addEventListener("click", (e) => {
    const button = e.target.closest && e.target.closest("button.kb-keep");
    if (button) onKeep(button);
  });
  onChange((key) => {
    if (key === BASKET) paintAll();
  });
  paintAll();
}
