// A sheet as a picture 1080 px wide, for a chat group: drawn by the browser, with its own fonts.
import { linesOf } from "./breaks.js";

const WIDTH = 1080;
const EDGE = 64;
const TALLEST = 4000; // a chat shrinks what is taller
const TOGETHER = 14;
const FONTS =
  '"PingFang SC","Hiragino Sans GB","Microsoft YaHei UI","Microsoft YaHei","Noto Sans CJK SC",' +
  '"Noto Sans SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif';
const INK = "#1c2430";
const SOFT = "#55606d";
const HEAD = "#0b3f6b";

// size, line height, space above, colour, indent
const STYLES = {
  title: { size: 60, line: 84, above: 0, ink: HEAD, bold: true, indent: 0 },
  head: { size: 46, line: 66, above: 44, ink: HEAD, bold: true, indent: 0 },
  sub: { size: 38, line: 56, above: 26, ink: HEAD, bold: true, indent: 0 },
  item: { size: 42, line: 64, above: 26, ink: INK, indent: 76 },
  text: { size: 42, line: 64, above: 18, ink: INK, indent: 0 },
  cite: { size: 30, line: 46, above: 6, ink: SOFT, indent: 76 },
  mark: { size: 30, line: 48, above: 20, ink: "#744700", indent: 0, ground: "#fdf0d2" },
  foot: { size: 28, line: 44, above: 0, ink: SOFT, indent: 0 },
};

const fontOf = (style) => (style.bold ? "700 " : "400 ") + style.size + "px " + FONTS;

/** A block as {style, lines, number, height}; a head starts the numbers anew. */
function measured(context, sheet) {
  const out = [];
  let number = 0;
  const add = (kind, text, own) => {
    const style = STYLES[kind] || STYLES.text;
    if (kind === "head" || kind === "title") number = 0;
    if (kind === "item") number = own > 0 ? own : number + 1;
    context.font = fontOf(style);
    const room = WIDTH - 2 * EDGE - style.indent;
    const lines = linesOf(String(text || ""), room, (words) => context.measureText(words).width);
    out.push({
      kind, style, lines, number: kind !== "item" ? "" : own === 0 ? "·" : number + ".",
      height: style.above + lines.length * style.line + (kind === "mark" ? 12 : 0),
    });
  };
  add("title", sheet.title);
  sheet.blocks.forEach((b) => {
    if (b.kind === "break") out.push({ kind: "break" });
    else add(b.kind, b.text, b.number);
  });
  return out;
}

/** Blocks in pictures of at most `tallest`; a citation or the first item after a head stays on. */
function pagesOf(blocks, footer, tallest) {
  const room = tallest - 2 * EDGE - footer;
  const groups = [];
  blocks.forEach((b) => {
    if (b.kind === "break") {
      groups.push(null);
      return;
    }
    const last = groups[groups.length - 1];
    const before = last && last[last.length - 1].kind;
    // items wait for the citation that they share
    const waits = before === "item" && b.kind === "item" && last.length < TOGETHER;
    if (last && (waits || b.kind === "cite" || before === "head" || before === "sub" || before === "title" || before === "mark")) last.push(b);
    else groups.push([b]);
  });
  const height = (list) => list.reduce((sum, b) => sum + b.height, 0);
  const pages = [];
  let page = [];
  groups.forEach((group) => {
    if (!group) {
      if (page.length) pages.push(page);
      page = [];
      return;
    }
    if (page.length && height(page) + height(group) > room) {
      pages.push(page);
      page = [];
    }
    page.push(...group);
  });
  if (page.length) pages.push(page);
  return pages;
}

function drawn(page, foot, place, code) {
  const height = page.reduce((sum, b) => sum + b.height, 0);
  const tail = footHeight(foot, code);
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = Math.ceil(height + tail + 2 * EDGE);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("这个浏览器不能画图");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = HEAD;
  context.fillRect(0, 0, WIDTH, 14);
  context.textBaseline = "middle";
  let y = EDGE;
  page.forEach((b) => {
    y += b.style.above;
    context.font = fontOf(b.style);
    if (b.style.ground) {
      const wide = Math.max(...b.lines.map((x) => context.measureText(x).width));
      context.fillStyle = b.style.ground;
      context.fillRect(EDGE - 12, y, wide + 24, b.lines.length * b.style.line);
    }
    context.fillStyle = b.style.ink;
    if (b.number) context.fillText(b.number, EDGE, y + b.style.line / 2);
    b.lines.forEach((words) => {
      context.fillText(words, EDGE + b.style.indent, y + b.style.line / 2);
      y += b.style.line;
    });
    if (b.kind === "mark") y += 12;
  });
  y = canvas.height - tail - EDGE / 2;
  context.strokeStyle = "#dfe4e9";
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(EDGE, y);
  context.lineTo(WIDTH - EDGE, y);
  context.stroke();
  y += 22;
  context.font = fontOf(STYLES.foot);
  context.fillStyle = SOFT;
  foot.forEach((words, i) => {
    const more = i === 0 && place ? "　" + place : "";
    context.fillText(words + more, EDGE, y + STYLES.foot.line / 2);
    y += STYLES.foot.line;
  });
  if (code) context.drawImage(code, WIDTH - EDGE - code.width, canvas.height - tail - EDGE / 2 + 22);
  return canvas;
}

const footHeight = (foot, code) => Math.max(foot.length * STYLES.foot.line, code ? code.height : 0) + 30;

function blobOf(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("图片没有画成"))), "image/png");
  });
}

/** The foot's lines, as wide as the picture (less a code at its right). */
function footOf(context, sheet) {
  context.font = fontOf(STYLES.foot);
  const room = WIDTH - 2 * EDGE - (sheet.code ? sheet.code.width + 32 : 0);
  return linesOf(String(sheet.foot || ""), room, (words) => context.measureText(words).width);
}

function canvases(sheet, tallest) {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) throw new Error("这个浏览器不能画图");
  const foot = footOf(context, sheet);
  const pages = pagesOf(measured(context, sheet), footHeight(foot, sheet.code), tallest);
  return pages.map((page, i) =>
    drawn(page, foot, pages.length > 1 ? i + 1 + "/" + pages.length : "", sheet.code)
  );
}

/**
 * A sheet as pictures of at most about 4,000 px each, in order.
 * @param sheet {title, blocks: [{kind: "head"|"sub"|"item"|"text"|"cite"|"mark", text, number?}],
 *   foot, code?}; an item's `number` 0 is a dot, without one it is counted;
 *   `code` is a canvas (a QR code) that stands at the foot; a block {kind: "break"} begins the
 *   next picture.
 */
export async function pngsOf(sheet) {
  const out = [];
  for (const canvas of canvases(sheet, TALLEST)) out.push(await blobOf(canvas));
  return out;
}
