// What lists say of validity and deadlines, on the reader's day.
import { chineseDate, isoDay, labelOn } from "../core/dates.js";
import { el } from "../core/dom.js";

const USABLE = ["现行", "已修改", "待核"];

const word = (label) => label.split("（")[0];

/** References whose versions were usable when the page was built and are not on `day`. */
function refresh(day) {
  const gone = new Map();
  document.querySelectorAll("[data-kb-valid]").forEach((box) => {
    const badge = box.querySelector(".kb-badge");
    const before = word(badge.textContent);
    const label = labelOn(box.dataset.kbValid, day);
    if (!label || word(label) === before) return;
    badge.textContent = label;
    box.dataset.s = word(label);
    if (USABLE.indexOf(before) >= 0 && USABLE.indexOf(word(label)) < 0) {
      gone.set(box.dataset.kbVersion, word(label));
    }
  });
  return gone;
}

function strike(gone) {
  document.querySelectorAll("[data-kb-on]").forEach((line) => {
    // a line that another document still carries stays
    const refs = line.dataset.kbOn.split(" ");
    if (refs.every((ref) => gone.has(ref))) line.classList.add("kb-gone");
  });
}

function deadlines(day) {
  document.querySelectorAll("[data-kb-by]").forEach((box) => {
    const words = day <= box.dataset.kbBy ? "进行中" : "限期已过";
    box.textContent = words;
    const row = box.closest("[data-state]");
    if (row) row.dataset.state = words;
  });
}

/** Bring states of the build's day to the reader's, and say so. */
export function wireToday() {
  const line = document.querySelector("[data-kb-built]");
  if (!line) return;
  const day = isoDay();
  if (day < line.dataset.kbBuilt) return; // a clock that is wrong tells nothing
  const gone = refresh(day);
  strike(gone);
  deadlines(day);
  line.append(" 标记已按今天（" + chineseDate(day) + "）更新。");
  if (!gone.size) return;
  const words = gone.size + " 份依据在本页生成以后已不再有效，靠它们的行已划去，请重新生成网站。";
  const place = document.querySelector("h1");
  if (place) place.after(el("p", { class: "kb-warn", role: "note" }, [words]));
}
