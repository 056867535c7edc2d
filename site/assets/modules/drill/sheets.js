// The buttons of a sheet: 投影, 存为图片, 打印. A sheet is an element with data-kb-sheet="title";
// its lines are <li data-cite>, its headings h2 to h5, our own words say 要点（非原文）.
import { chineseDate, isoDay } from "../core/dates.js";
import { download, el, toast } from "../core/dom.js";
import { OURS } from "../core/ours.js";
import { part, publishedUrl, sitePath } from "../core/site.js";
import { qrMatrix } from "../keep/qr.js";
import { pngsOf } from "./png.js";
import { openShow } from "./show.js";

const LEFT_OUT = ".kb-sheet-tools, .kb-rests, .kb-src, .kb-live, .kb-drill-no, button, select, script, [hidden]";
const NAME = "安规库";

const wordsOf = (node) => node.textContent.replace(/[ \t\r\n]+/g, " ").trim();

/** A copy of a sheet's element without what is for the screen only. */
function bare(section) {
  const copy = section.cloneNode(true);
  copy.querySelectorAll(LEFT_OUT).forEach((n) => n.remove());
  return copy;
}

function lineOf(item) {
  const line = item.querySelector(".kb-line");
  return wordsOf(line || item);
}

/** A line's number in its list; 0 where the list has none. */
function numberOf(item) {
  const list = item.parentElement;
  if (list.tagName !== "OL") return 0;
  return list.start + Array.from(list.children).filter((n) => n.tagName === "LI").indexOf(item);
}

/** Items that rest on the same words one after the other have their citation once, below. */
function withCitations(items) {
  const out = [];
  items.forEach((item, i) => {
    out.push(item.block);
    const next = items[i + 1];
    if (!item.cite || (next && next.block.kind === "item" && next.cite === item.cite)) return;
    let n = 1;
    while (i - n >= 0 && items[i - n].block.kind === "item" && items[i - n].cite === item.cite) n += 1;
    out.push({ kind: "cite", text: (n > 1 ? "以上 " + n + " 条：" : "") + item.cite });
  });
  return out;
}

/** Blocks of a sheet for a picture, from its element. */
function blocksOf(section) {
  const copy = bare(section);
  const marks = Array.from(copy.querySelectorAll(".kb-sheet-marks > *"), wordsOf).filter((x) => x && x !== OURS);
  const out = [];
  if (copy.textContent.includes(OURS)) {
    out.push({ kind: "mark", text: [...marks, OURS + "，正式引用请查官方文本"].join("　") });
  }
  copy.querySelectorAll(".kb-sheet-head, .kb-sheet-marks").forEach((n) => n.remove());
  const found = [];
  copy.querySelectorAll("h2, h3, h4, h5, li, p, dt, dd").forEach((node) => {
    const text = node.tagName === "LI" ? lineOf(node) : wordsOf(node);
    if (!text || text === OURS) return;
    if (/^H[2-5]$/.test(node.tagName)) found.push({ block: { kind: node.tagName === "H5" ? "sub" : "head", text } });
    else if (node.tagName === "LI") {
      if (node.querySelector("li")) return;
      const kind = node.hasAttribute("data-cite") ? "item" : "text";
      found.push({ block: { kind, text, number: numberOf(node) }, cite: node.dataset.cite });
    } else if (!node.closest("li")) found.push({ block: { kind: "text", text } });
  });
  return out.concat(withCitations(found));
}

/** Slides of a sheet: a line each, under the headings that it stands under. */
function slidesOf(section) {
  const out = [];
  const copy = bare(section);
  const ours = copy.textContent.includes(OURS);
  copy.querySelectorAll(".kb-sheet-head").forEach((n) => n.remove());
  let heads = ["", ""];
  copy.querySelectorAll("h3, h4, h5, li[data-cite]").forEach((node) => {
    if (node.tagName === "H5") heads = [heads[0], wordsOf(node)];
    else if (node.tagName !== "LI") heads = [wordsOf(node), ""];
    else if (!node.querySelector("li[data-cite]")) {
      const text = lineOf(node);
      const cite = [ours ? OURS : "", node.dataset.cite].filter(Boolean).join("　");
      if (text) out.push({ text, note: heads.filter(Boolean).join("　"), cite });
    }
  });
  return out;
}

function codeOf(address) {
  if (!address) return null;
  let rows;
  try {
    rows = qrMatrix(address, {});
  } catch (e) {
    return null; // too long for a code
  }
  const scale = Math.max(3, Math.floor(190 / (rows.length + 4)));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = rows.length * scale;
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000000";
  rows.forEach((row, y) =>
    Array.from(row).forEach((dark, x) => {
      if (Number(dark)) context.fillRect(x * scale, y * scale, scale, scale);
    })
  );
  return canvas;
}

async function footOf() {
  let built = "";
  try {
    built = chineseDate((await part("drill/index")).built);
  } catch (e) {
    /* an older site: the day is left out */
  }
  return (
    NAME + (built ? "　网站生成于" + built : "") + "\n条款效力按" + chineseDate(isoDay()) +
    "计算；不是官方出版物，引用前请核对官方文本。"
  );
}

/** Save a sheet {title, blocks} as one or more pictures. */
export async function saveSheet(sheet) {
  try {
    const foot = await footOf();
    const pictures = await pngsOf({ title: sheet.title, blocks: sheet.blocks, foot, code: codeOf(publishedUrl(sitePath(location.href) + location.search)) });
    const name = (sheet.title + "-" + isoDay()).replace(/[\\/:*?"<>|\s]+/g, "-");
    pictures.forEach((blob, i) => {
      download(name + (pictures.length > 1 ? "-" + (i + 1) : "") + ".png", "image/png", blob);
    });
    toast("已存成 " + pictures.length + " 张图片");
  } catch (e) {
    toast("图片没有存成：" + e.message + "。请换 Chrome、Edge 或 360 的极速模式再试");
  }
}

/** Print one element alone. */
export function printOne(node) {
  const copy = node.cloneNode(true);
  copy.querySelectorAll(".kb-sheet-tools, .kb-drill-no").forEach((n) => n.remove());
  [copy, ...copy.querySelectorAll("[id]")].forEach((n) => n.removeAttribute("id"));
  copy.removeAttribute("hidden");
  const box = el("div", { class: "kb-print-one" }, [copy]);
  document.body.append(box);
  document.body.classList.add("kb-printing-one");
  const clean = () => {
    window.removeEventListener("afterprint", clean);
    document.body.classList.remove("kb-printing-one");
    box.remove();
  };
  window.addEventListener("afterprint", clean);
  window.print();
}

/**
 * Put the buttons on a sheet. `give` may say how it is shown: {slides: () => [...], sheet: () =>
 * {title, blocks}, print: () => node}; what it does not say comes from the element itself.
 */
export function addTools(section, give) {
  const title = section.dataset.kbSheet || wordsOf(section.querySelector("h2, h3, h4") || section);
  const said = give || {};
  const slides = said.slides || (() => slidesOf(section));
  const sheet = said.sheet || (() => ({ title, blocks: blocksOf(section) }));
  const button = (words, run) => el("button", { type: "button", class: "kb-button", onclick: run }, [words]);
  const box = el("div", { class: "kb-sheet-tools", role: "group", "aria-label": title + "：投影、图片、打印" }, [
    button("投影", () => {
      const found = slides();
      if (found.length) openShow(title, found);
      else toast("这张没有可投影的行");
    }),
    button("存为图片", () => saveSheet(sheet())),
    button("打印", () => printOne((said.print || (() => section))())),
  ]);
  const head = section.querySelector(".kb-sheet-head");
  if (head && head.parentNode === section) head.after(box);
  else section.prepend(box);
  return box;
}

/** Put the buttons on every sheet of the page that has none. */
export function wireSheets() {
  document.querySelectorAll("[data-kb-sheet]").forEach((section) => {
    if (!section.querySelector(".kb-sheet-tools")) addTools(section);
  });
}
