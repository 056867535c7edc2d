// The validity of a document, of its other versions and of the catalog's rows, on the reader's day.
import { chineseDate, isoDay, labelOn, spanOn, stateWords } from "../core/dates.js";
import { el } from "../core/dom.js";

const STALE_DAYS = 180;

/** What the banner of this page carries: {this, built, region, evidence, versions}; null without one. */
export function pageFacts() {
  const box = document.querySelector("[data-kb-status]");
  return box ? JSON.parse(box.dataset.kbStatus) : null;
}

/** [from, to, status, label, reason] of this page's version today; null without a banner. */
export function pageSpan() {
  const facts = pageFacts();
  if (!facts) return null;
  const mine = facts.versions.filter((v) => v.version === facts.this)[0];
  return spanOn(mine.spans, isoDay());
}

/** "（2026年11月21日：现行；只适用于某市）", or nothing on a page without a status. */
export function statusWords() {
  const now = pageSpan();
  return now ? "（" + stateWords(isoDay(), now[3] || now[2], pageFacts().region) + "）" : "";
}

function showStatus(box) {
  const today = isoDay();
  const facts = JSON.parse(box.dataset.kbStatus);
  const now = pageSpan();
  box.dataset.s = now[2];
  box.querySelector(".kb-badge").textContent = now[3] || now[2];
  box.querySelector(".kb-when").textContent = "今天是" + chineseDate(today);
  const why = now[4] ? "：" + now[4].replace("这一天", "今天") : "";
  box.querySelector(".kb-why").textContent = why.replace(/\d{4}-\d{2}-\d{2}/g, chineseDate);
  const other = box.querySelector(".kb-other");
  other.textContent = "";
  if (now[2] !== "现行") {
    const better = facts.versions.filter(
      (v) => v.version !== facts.this && spanOn(v.spans, today)[2] === "现行"
    )[0];
    if (better) {
      other.append("今天有效的是 " + chineseDate(better.version) + " 通过的版本");
      if (better.url) {
        const same = better.url + (location.hash || "");
        other.append("：", el("a", { href: same }, ["去看那个版本"]));
      } else other.append("，本站没有收录它的正文");
      other.append("。");
    }
  }
  const age = (Date.parse(today) - Date.parse(facts.built)) / 86400000;
  if (age > STALE_DAYS) {
    const words =
      "本站生成于" + chineseDate(facts.built) +
      "，已过半年；此后的修订和废止这里看不到，请核对官方文本。";
    box.append(el("span", { class: "kb-stale" }, [words]));
  }
}

function showCatalog(table) {
  table.querySelectorAll("tr[data-kb-days]").forEach((row) => {
    const label = labelOn(row.dataset.kbDays, isoDay());
    row.dataset.s = label.split("（")[0];
    row.querySelector(".kb-badge").textContent = label;
  });
  const day = table.querySelector(".kb-today");
  if (day) day.textContent = "今天（" + chineseDate(isoDay()) + "）";
}

/** Banners and tables of the page, for today. */
export function wireStatus() {
  document.querySelectorAll("[data-kb-status]").forEach(showStatus);
  document.querySelectorAll(".kb-catalog").forEach(showCatalog);
}
