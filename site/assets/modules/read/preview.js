// A look at what a citation, a term or an unresolved name means, beside it, without leaving.
import { isoDay, spanOn } from "../core/dates.js";
import { el, fill } from "../core/dom.js";
import { part, sitePath } from "../core/site.js";
import { unitIn } from "../core/unit.js";
import { anchorIn, citeOf, clauseLines, linesOf } from "./words.js";

const LONGEST = 420; // characters of text in a preview
const MOST = 3; // clauses in one preview
const LINKS = ".kb-c,.kb-un,.kb-d";

const open = { box: null, link: null, timer: 0 };

function hide() {
  clearTimeout(open.timer);
  if (open.box) open.box.hidden = true;
  if (open.link) open.link.removeAttribute("aria-describedby");
  open.link = null;
}

function place(link) {
  const at = link.getBoundingClientRect();
  const box = open.box;
  const room = document.documentElement.clientWidth - box.offsetWidth - 12;
  const below =
    at.bottom + 8 + box.offsetHeight < window.innerHeight || at.top < box.offsetHeight + 60;
  const top = below ? at.bottom + 6 : at.top - box.offsetHeight - 6;
  box.style.left = Math.min(Math.max(at.left, 12), room) + window.scrollX + "px";
  box.style.top = top + window.scrollY + "px";
}

function show(link, parts) {
  if (!open.box) {
    open.box = el("div", { id: "kb-pop", role: "tooltip", hidden: true });
    open.box.addEventListener("mouseenter", () => clearTimeout(open.timer));
    open.box.addEventListener("mouseleave", () => {
      open.timer = setTimeout(hide, 200);
    });
    document.body.append(open.box);
  }
  fill(open.box, parts);
  open.box.hidden = false;
  open.link = link;
  link.setAttribute("aria-describedby", "kb-pop");
  place(link);
}

function pieces(title, lines, span) {
  const head = el("p", { class: "kb-pop-title" }, [title]);
  if (span) {
    const badge = el("span", { class: "kb-badge" }, [span[3] || span[2]]);
    head.append(" ", el("span", { "data-s": span[2] }, [badge]));
  }
  const out = [head];
  let left = LONGEST;
  lines.some((line) => {
    out.push(el("p", {}, [line.length > left ? line.slice(0, left) + "……" : line]));
    left -= line.length;
    return left <= 0;
  });
  return out;
}

function ofThisPage(node) {
  const clause = node.closest(".kb-clause");
  const caption = node.querySelector("caption");
  let title = node.textContent.trim();
  if (clause) {
    const table = caption && node.matches(".kb-tw");
    const after = clause === node ? "" : table ? " " + caption.textContent : node.dataset.n;
    title = citeOf(clause) + after;
  }
  const lines = !clause ? [] : clause === node ? clauseLines(node) : linesOf(node);
  if (caption && lines[0] === caption.textContent.trim()) lines.shift();
  return pieces(title, lines);
}

function ofPage(page, id) {
  return part(page + "clauses").then((data) => {
    const found = id ? unitIn(data, id) : null;
    const span = data.spans && spanOn(data.spans, isoDay());
    let lines = found ? found.text.split("\n").filter(Boolean) : [];
    if (!Object.keys(data.units).length) lines = ["本站没有这份文件的正文，点开看目录信息"];
    return pieces(data.cite + (found ? found.name : ""), lines, span);
  });
}

function targetOf(href) {
  const url = new URL(href, location.href);
  const id = anchorIn(url.hash);
  const page = sitePath(url.href);
  if (page === sitePath(location.href)) {
    const node = id && document.getElementById(id);
    return Promise.resolve(node ? ofThisPage(node) : pieces("本文件", []));
  }
  return page === null ? Promise.reject(new Error(href)) : ofPage(page, id);
}

function openFor(link) {
  if (open.link === link) return;
  hide();
  open.link = link;
  if (link.matches(".kb-un")) {
    const step = link.href ? "。点开看这份文件" : "";
    show(link, [el("p", {}, [link.dataset.why + step])]);
    return;
  }
  const hrefs = (link.dataset.t || link.getAttribute("href")).split(" ");
  Promise.all(hrefs.slice(0, MOST).map(targetOf)).then(
    (all) => {
      if (open.link !== link) return;
      const parts = [].concat(...all);
      const edition = link.dataset.d;
      if (edition) {
        parts.push(el("p", {}, [/^\d/.test(edition) ? "引用时的版本：" + edition : edition]));
      }
      if (hrefs.length > MOST) {
        parts.push(el("p", {}, ["共引用 " + hrefs.length + " 条，点开查看"]));
      }
      show(link, parts);
    },
    () => {
      if (open.link === link) show(link, [el("p", {}, ["读取失败，请点开看"])]);
    }
  );
}

const linkAt = (e) => e.target.closest && e.target.closest(LINKS);

function over(e) {
  const link = linkAt(e);
  if (!link) return;
  clearTimeout(open.timer);
  open.timer = setTimeout(openFor, e.type === "focusin" ? 0 : 250, link);
}

function out(e) {
  if (!linkAt(e)) return;
  clearTimeout(open.timer);
  open.timer = setTimeout(hide, 250);
}

/** Previews on resting the mouse, and on focus. */
export function wirePreviews() {
  // a finger follows the link; only a mouse can rest on it
  if (window.matchMedia("(hover: hover)").matches) {
    document.addEventListener("mouseover", over);
    document.addEventListener("mouseout", out);
  }
  document.addEventListener("focusin", over);
  document.addEventListener("focusout", out);
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") hide();
  });
  // the browser's own tooltip would stand beside ours; without a script it stays
  document.querySelectorAll(".kb-un").forEach((n) => {
    n.dataset.why = n.title;
    n.removeAttribute("title");
  });
}
