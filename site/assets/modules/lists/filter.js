// Narrowing a list: words typed, choices made; groups that show nothing go too.
import { fold } from "../read/filters.js";

/** Whether an item's data agrees with what is asked: `q` in data-w, others among the words of theirs. */
export function fits(data, asked) {
  return Object.keys(asked).every((name) => {
    if (!asked[name]) return true;
    if (name === "q") return fold(data.w).indexOf(fold(asked.q)) >= 0;
    return (data[name] || "").split("|").indexOf(asked[name]) >= 0;
  });
}

function wire(form) {
  const target = document.getElementById(form.dataset.kbNarrow);
  if (!target) return;
  const items = Array.from(target.querySelectorAll("[data-w]"));
  const groups = Array.from(target.querySelectorAll(".kb-part, tbody"));
  const out = form.querySelector("output");
  const unit = form.dataset.unit;
  function apply() {
    const asked = {};
    new FormData(form).forEach((value, name) => {
      asked[name] = String(value);
    });
    let shown = 0;
    items.forEach((item) => {
      item.hidden = !fits(item.dataset, asked);
      if (!item.hidden) shown++;
    });
    groups.forEach((group) => {
      group.hidden = !group.querySelector("[data-w]:not([hidden])");
    });
    const narrowed = shown !== items.length;
    target.querySelectorAll(".kb-also").forEach((also) => {
      also.hidden = narrowed;
    });
    out.textContent = narrowed
      ? "显示 " + shown + " " + unit + "，共 " + items.length + " " + unit
      : "共 " + items.length + " " + unit;
  }
  form.addEventListener("input", apply);
  form.addEventListener("change", apply);
  form.addEventListener("submit", (e) => e.preventDefault());
  apply();
}

/** Wire every filter of the page. */
export function wireFilters() {
  document.querySelectorAll("form[data-kb-narrow]").forEach(wire);
}
