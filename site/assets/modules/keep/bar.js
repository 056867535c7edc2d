// A quiet bar when something could not be stored: it is held for now, and offered as a file.
import { announce, el, fill } from "../core/dom.js";
import { lost, lostHere, onChange } from "../core/store.js";
import { exportFile } from "./data_page.js";
import { nameOf } from "./owners.js";

/** Watch the store on every page. */
export function wireBar() {
  const bar = el("div", { class: "kb-lost", role: "region", "aria-label": "没有存下来", hidden: true });
  document.body.append(bar);
  let closed = "";
  const draw = () => {
    const keys = lost();
    const now = keys.join();
    if (!keys.length || closed === now) {
      bar.hidden = true;
      if (!keys.length) closed = "";
      return;
    }
    if (!bar.hidden && bar.dataset.keys === now) return;
    bar.dataset.keys = now;
    const words = "没有存下来，请导出：" + keys.map(nameOf).join("、") + "。浏览器存满了或不让存，" +
      (lostHere().length ? "离开这一页就没有了。" : "关掉这个窗口就没有了。");
    fill(bar, [
      el("span", {}, [words]),
      el("button", { type: "button", class: "kb-k-do", onclick: exportFile }, ["导出"]),
      el("button", { type: "button", class: "kb-k-do", onclick: () => {
        closed = now;
        draw();
      } }, ["收起"]),
    ]);
    bar.hidden = false;
    announce(words);
  };
  onChange(draw);
  draw();
  window.addEventListener("beforeunload", (e) => {
    if (!lostHere().length) return;
    e.preventDefault();
    e.returnValue = "";
  });
}
