// What a sheet from the printer must say by itself: citation, validity with its day, address.
import { chineseDate, isoDay, stateWords } from "../core/dates.js";
import { el, fill } from "../core/dom.js";
import { pageFacts, pageSpan } from "./status.js";
import { addressToGive, publishedAddress } from "./words.js";

const inChinese = (text) => text.replace("这一天", "当天").replace(/\d{4}-\d{2}-\d{2}/g, chineseDate);

function headLines() {
  const head = document.querySelector("[data-kb-ref]");
  const today = chineseDate(isoDay());
  const now = pageSpan();
  const why = now && now[4] ? "（" + inChinese(now[4]) + "）" : "";
  const address = publishedAddress("kb-top") || addressToGive("kb-top");
  return [
    head.dataset.kbCite,
    now ? stateWords(isoDay(), (now[3] || now[2]) + why, pageFacts().region) : "",
    (address ? "来源：" + address.replace(/#.*$/, "") + "　" : "") + "打印于" + today,
  ].filter(Boolean);
}

/** A head for print on pages of a document; it is written when printing begins. */
export function wirePrint() {
  const head = document.querySelector("[data-kb-ref]");
  if (!head) return;
  const box = el("div", { class: "kb-paper-head", "aria-hidden": "true" });
  head.before(box);
  const write = () => fill(box, headLines().map((line) => el("p", {}, [line])));
  write();
  window.addEventListener("beforeprint", write);
}
