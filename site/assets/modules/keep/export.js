// The basket as a document, a table, Markdown or plain text. What the reader pasted, and what is
// ours, never leaves without its mark; every warning goes with its entry.
import { chineseDate, isoDay, stateWords } from "../core/dates.js";
import { OURS } from "../core/ours.js";
import { ON_DISK, pageUrl } from "../core/site.js";
import { docx } from "./docx.js";
import { pastedMark } from "./pasted.js";
import { xlsx } from "./xlsx.js";

const TITLE = "条款汇编";
const CARE = "效力按导出这一天计算；正式引用前请核对官方文本。";

/**
 * An address that will mean the same text later; none for what the site does not hold, and none from
 * a disk, where it would name the reader's folders.
 */
function lasting(r) {
  if (ON_DISK) return "";
  return r.text ? pageUrl("docs/" + r.doc + "/" + r.version + "/#" + r.clause) : r.gist || r.pasted ? r.url : "";
}

/** The words of an entry: {mark, text, tables}; a mark says that they are no source text. */
export function wordsOf(r) {
  if (r.text) return { mark: "", text: r.text, tables: r.tables };
  if (r.pasted) return { mark: pastedMark(r.pasted), text: r.pasted.text, tables: [] };
  if (r.gist) return { mark: OURS, text: r.gist, tables: [] };
  return { mark: "", text: "", tables: [] };
}

/** Lines and tables of a text: {text} or {rows}; a table's rows are its lines with bars. */
export function blocksOf(words) {
  const out = [];
  let at = 0;
  let rows = null;
  words.text.split("\n").forEach((line) => {
    const inside = words.tables.some(([a, b]) => at >= a && at + line.length <= b);
    at += line.length + 1;
    if (!line.trim()) return;
    if (inside && (rows || line.indexOf(" | ") >= 0)) {
      if (!rows) {
        rows = [];
        out.push({ rows });
      }
      rows.push(line.split(" | "));
    } else {
      rows = null;
      out.push({ text: line });
    }
  });
  return out;
}

/** Entries by document, in the order in which each document first comes. */
export function grouped(items) {
  const groups = new Map();
  items.forEach((item) => {
    const key = item.r.ref;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  });
  return Array.from(groups.values());
}

/** Title of a document with its number, where the title does not say it. */
export const documentTitle = (r) =>
  r.title + (r.number && r.title.indexOf(r.number) < 0 ? "（" + r.number + "）" : "");

const statusWords = (r) => (r.label ? stateWords(isoDay(), r.label, r.region) : "");

/** How wide the columns of a table stand to each other: a long text needs more than a number. */
function shares(rows) {
  const columns = Math.max(...rows.map((r) => r.length));
  return Array.from({ length: columns }, (_, i) =>
    Math.max(3, ...rows.filter((r) => r.length > 1).map((r) => Math.pow((r[i] || "").length, 0.6)))
  );
}

/** The bytes of a .docx of [{entry, r}]. */
export function basketDocx(items) {
  const blocks = [{ text: "安规库 " + chineseDate(isoDay()) + "导出，" + items.length + " 条。" + CARE, style: "lead" }];
  grouped(items).forEach((group) => {
    blocks.push({ heading: documentTitle(group[0].r), level: 1 });
    group.forEach(({ entry, r }) => {
      blocks.push({ heading: r.name, level: 2 });
      r.warnings.forEach((w) => blocks.push({ text: "提示：" + w, style: "warning" }));
      const words = wordsOf(r);
      if (words.mark) blocks.push({ text: "【" + words.mark + "】", style: "warning" });
      blocksOf(words).forEach((b) => blocks.push(b.rows ? { rows: b.rows, header: 1, widths: shares(b.rows) } : b));
      const link = lasting(r);
      blocks.push({ text: "出处：" + r.cite + (r.label ? "（" + statusWords(r) + "）" : "") + (link ? "\n" + link : ""), style: "citation" });
      if (entry.comment) blocks.push({ text: "备注：" + entry.comment, style: "note" });
    });
  });
  return docx({ title: TITLE, blocks });
}

/** The bytes of an .xlsx: one row an entry. */
export function basketXlsx(items) {
  const header = ["文件", "文号或标准号", "条款", "内容", "内容性质", "出处", "效力（" + isoDay() + "）", "提示", "备注", "编号", "链接"];
  const rows = grouped(items).reduce((all, group) => all.concat(group), []).map(({ entry, r }) => {
    const words = wordsOf(r);
    const kind = words.mark || (words.text ? "原文" : "没有内容");
    const text = words.mark ? "【" + words.mark + "】\n" + words.text : words.text;
    return [r.title, r.number, r.name, text, kind, r.cite, r.label + (r.region ? "；只适用于" + r.region : ""), r.warnings.join("\n"), entry.comment || "", r.id, lasting(r)];
  });
  const sheet = { name: "条款", title: TITLE + "。" + CARE, header, rows, widths: [18, 14, 12, 60, 10, 26, 13, 20, 18, 16, 16] };
  return xlsx({ title: TITLE, sheets: [sheet] });
}

/** A text in Markdown, so that none of its signs means anything. */
const plain = (text) =>
  text
    .replace(/[\\\x60*_[\]<>|~#&$]/g, "\\$&")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2")
    .replace(/^(\s*)([-+=])/, "$1\\$2");

function markdownTable(rows) {
  const wide = Math.max(...rows.map((r) => r.length));
  const line = (cells) => "| " + Array.from({ length: wide }, (_, i) => plain(cells[i] || "")).join(" | ") + " |";
  return [line(rows[0]), "|" + " --- |".repeat(wide), ...rows.slice(1).map(line)].join("\n");
}

/** The basket in Markdown. */
export function basketMarkdown(items) {
  const out = ["# " + TITLE, "安规库 " + chineseDate(isoDay()) + "导出，" + items.length + " 条。" + CARE];
  grouped(items).forEach((group) => {
    out.push("## " + plain(documentTitle(group[0].r)));
    group.forEach(({ entry, r }) => {
      out.push("### " + plain(r.name));
      r.warnings.forEach((w) => out.push("**提示：" + plain(w) + "**"));
      const words = wordsOf(r);
      if (words.mark) out.push("**【" + plain(words.mark) + "】**");
      blocksOf(words).forEach((b) => out.push(b.rows ? markdownTable(b.rows) : plain(b.text)));
      const link = lasting(r);
      out.push("出处：" + plain(r.cite) + (r.label ? "（" + plain(statusWords(r)) + "）" : "") + (link ? " <" + link + ">" : ""));
      if (entry.comment) out.push(("备注：" + entry.comment).split("\n").map((x) => "> " + plain(x)).join("\n"));
    });
  });
  return out.join("\n\n") + "\n";
}

/** The basket as plain text, for a message. */
export function basketText(items) {
  const one = ({ entry, r }) => {
    const words = wordsOf(r);
    const lines = [r.cite + (r.label ? "（" + statusWords(r) + "）" : "")];
    r.warnings.forEach((w) => lines.push("提示：" + w));
    if (words.mark) lines.push("【" + words.mark + "】");
    if (words.text) lines.push(words.text);
    if (lasting(r)) lines.push(lasting(r));
    if (entry.comment) lines.push("备注：" + entry.comment);
    return lines.join("\n");
  };
  return grouped(items).map((group) => group.map(one).join("\n\n")).join("\n\n");
}
