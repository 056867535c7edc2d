// 我的 / 篮子: the collected clauses by document; order, comments, taking out, and files.
import { copy } from "../core/copy.js";
import { isoDay } from "../core/dates.js";
import { announce, download, el, fill, toast } from "../core/dom.js";
import { pageUrl } from "../core/site.js";
import { onChange } from "../core/store.js";
import { BASKET, LONGEST_COMMENT, entries, setEntries } from "./basket.js";
import { resolveAll } from "./clauses.js";
import { DOCX_TYPE } from "./docx.js";
import { basketDocx, basketMarkdown, basketText, basketXlsx, blocksOf, documentTitle, grouped, wordsOf } from "./export.js";
import { PASTED } from "./pasted.js";
import { XLSX_TYPE } from "./xlsx.js";

const refOf = (e) => e.id.split("#")[0];
const LONG = 420;

/** The list with each document's entries together: the order that is shown is the order kept. */
function together(list) {
  return grouped(list.map((entry) => ({ entry, r: { ref: refOf(entry) } }))).reduce(
    (all, group) => all.concat(group.map((g) => g.entry)),
    []
  );
}

/** Move an entry past its neighbour of the same document; by: -1 up, 1 down. */
function moved(list, id, by) {
  const out = list.slice();
  const at = out.findIndex((e) => e.id === id);
  const to = at + by;
  if (at < 0 || !out[to] || refOf(out[to]) !== refOf(out[at])) return list;
  out.splice(to, 0, out.splice(at, 1)[0]);
  return out;
}

/** Move a whole document past the one before or after it. */
function movedDocument(list, ref, by) {
  const refs = Array.from(new Set(list.map(refOf)));
  const at = refs.indexOf(ref);
  if (at < 0 || at + by < 0 || at + by >= refs.length) return list;
  refs.splice(at + by, 0, refs.splice(at, 1)[0]);
  return refs.reduce((all, one) => all.concat(list.filter((e) => refOf(e) === one)), []);
}

function contentOf(r) {
  const words = wordsOf(r);
  const body = el("div", { class: "kb-kept-text" });
  blocksOf(words).forEach((b) => {
    if (!b.rows) {
      body.append(el("p", {}, [b.text]));
      return;
    }
    const wide = Math.max(...b.rows.map((row) => row.length));
    const line = (row, tag) =>
      el("tr", {}, row.map((c, i) => el(tag, { colspan: i === row.length - 1 && row.length < wide ? wide - i : false }, [c])));
    const [first, ...rest] = b.rows;
    const table = el("table", {}, [el("thead", {}, [line(first, "th")]), el("tbody", {}, rest.map((x) => line(x, "td")))]);
    body.append(el("div", { class: "kb-tw", tabindex: "0", role: "region", "aria-label": "表（可左右滚动）" }, [table]));
  });
  if (words.text.length <= LONG) return { mark: words.mark, nodes: [body] };
  body.classList.add("kb-k-cut");
  const more = el("button", {
    type: "button", class: "kb-k-do", "aria-expanded": "false",
    onclick: () => {
      const open = !body.classList.toggle("kb-k-cut");
      more.setAttribute("aria-expanded", String(open));
      more.textContent = open ? "收起" : "展开全文";
    },
  }, ["展开全文"]);
  return { mark: words.mark, nodes: [body, more] };
}

/** Fill and keep up to date the box of the basket. */
export function wireBasketPage(box) {
  const state = { undo: null, asking: false, writing: false, round: 0, focus: "", commented: new Set() };

  function keep(list) {
    setEntries(list);
  }

  function button(key, words, label, run, off) {
    return el("button", { type: "button", class: "kb-k-do", "data-k": key, "aria-label": label, disabled: off, onclick: run }, [words]);
  }

  function takeOut(entry, name) {
    const list = together(entries());
    const at = list.findIndex((e) => e.id === entry.id);
    state.undo = { list, at, words: "已拿出：" + name, id: entry.id };
    announce("已拿出 " + name + "，可以撤销");
    state.focus = "undo"; // once the basket is drawn anew
    keep(list.filter((e) => e.id !== entry.id));
  }

  function undoRow() {
    const undo = state.undo;
    return el("div", { class: "kb-k-undo" }, [
      el("span", {}, [undo.words]),
      button("undo", "撤销", "撤销：" + undo.words, () => {
        // what came into the basket meanwhile stays in it
        const now = entries();
        const back = undo.list.filter((e) => !now.some((n) => n.id === e.id) && (!undo.id || e.id === undo.id));
        const list = undo.id ? now.slice() : back.concat(now);
        if (undo.id) list.splice(Math.min(undo.at, list.length), 0, ...back);
        state.undo = null;
        keep(together(list));
        toast("已放回");
      }),
    ]);
  }

  function comment(entry, name) {
    const paper = el("p", { class: "kb-kept-paper" }, [entry.comment ? "备注：" + entry.comment : ""]);
    const shown = entry.comment || state.commented.has(entry.id);
    if (!shown) return [];
    const area = el("textarea", {
      class: "kb-k-comment", rows: "2", maxlength: String(LONGEST_COMMENT), "aria-label": "备注：" + name, placeholder: "备注（会一起导出）",
      "data-k": "text:" + entry.id,
      oninput: () => {
        state.writing = true;
        keep(entries().map((e) => (e.id === entry.id ? Object.assign({}, e, { comment: area.value }) : e)));
        paper.textContent = area.value.trim() ? "备注：" + area.value : "";
        state.writing = false;
      },
    });
    area.value = entry.comment || "";
    return [area, paper];
  }

  function item({ entry, r }, i, group) {
    const id = entry.id;
    const content = contentOf(r);
    const title = r.url ? el("a", { href: r.url }, [r.name]) : el("span", {}, [r.name]);
    const badge = r.label && el("span", { "data-s": r.status }, [el("span", { class: "kb-badge" }, [r.label])]);
    const move = (by) => () => keep(moved(together(entries()), id, by));
    const tools = el("div", { class: "kb-kept-do", role: "group", "aria-label": r.name }, [
      button("up:" + id, "上移", r.name + " 上移", move(-1), i === 0),
      button("down:" + id, "下移", r.name + " 下移", move(1), i === group.length - 1),
      button("note:" + id, "备注", r.name + " 写备注", () => {
        state.commented.add(id);
        render().then(() => focusOn("text:" + id));
      }),
      button("out:" + id, "拿出", r.name + " 从篮子拿出", () => takeOut(entry, r.name)),
    ]);
    return el("li", { class: "kb-kept", "data-id": id }, [
      el("div", { class: "kb-kept-head" }, [
        el("h4", {}, [title]), badge, r.region && el("span", { class: "kb-tag" }, [r.region]), tools,
      ]),
      ...r.warnings.map((w) => el("p", { class: "kb-warn" }, ["提示：" + w])),
      content.mark && el("p", { class: "kb-mark-own" }, [content.mark]),
      ...content.nodes,
      el("p", { class: "kb-kept-cite" }, ["出处：" + r.cite]),
      ...comment(entry, r.name),
    ]);
  }

  function documentPart(group, i, groups) {
    const r = group[0].r;
    const move = (by) => () => keep(movedDocument(together(entries()), r.ref, by));
    const title = documentTitle(r);
    const tools = groups.length > 1 && el("div", { class: "kb-kept-do", role: "group", "aria-label": title }, [
      button("dup:" + r.ref, "整份上移", title + " 整份上移", move(-1), i === 0),
      button("ddown:" + r.ref, "整份下移", title + " 整份下移", move(1), i === groups.length - 1),
    ]);
    return el("section", { class: "kb-kept-doc" }, [
      el("div", { class: "kb-kept-head" }, [el("h3", {}, [title]), tools]),
      el("ol", { role: "list" }, group.map(item)),
    ]);
  }

  function file(name, type, make, items) {
    Promise.resolve(make(items)).then(
      (content) => {
        download("条款汇编-" + isoDay() + name, type, content);
        toast("已导出 " + items.length + " 条");
      },
      () => toast("没有导出：这个浏览器做不了这种文件，请换一种格式")
    );
  }

  function toolbar(items) {
    const clear = state.asking
      ? el("span", { class: "kb-k-ask", role: "group", "aria-label": "清空篮子" }, [
          "清空 " + items.length + " 条？",
          button("yes", "清空", "确认清空", () => {
            state.undo = { list: together(entries()), at: 0, words: "已清空 " + items.length + " 条", id: "" };
            state.asking = false;
            state.focus = "undo";
            keep([]);
          }),
          button("no", "不清空", "不清空", () => {
            state.asking = false;
            render().then(() => focusOn("clear"));
          }),
        ])
      : button("clear", "清空……", "清空篮子", () => {
          state.asking = true;
          render().then(() => focusOn("no"));
        });
    return el("div", { class: "kb-act kb-kept-tools", role: "group", "aria-label": "导出篮子" }, [
      button("docx", "Word（.docx）", "导出 Word（.docx）", () => file(".docx", DOCX_TYPE, basketDocx, items)),
      button("xlsx", "Excel（.xlsx）", "导出 Excel（.xlsx）", () => file(".xlsx", XLSX_TYPE, basketXlsx, items)),
      button("md", "Markdown", "导出 Markdown", () => file(".md", "text/markdown", basketMarkdown, items)),
      button("copy", "复制全部", "复制全部条款的文字", () =>
        copy(basketText(items)).then(
          () => toast("已复制 " + items.length + " 条"),
          () => toast("复制不了，请用导出")
        )
      ),
      button("print", "打印", "打印篮子", () => window.print()),
      clear,
    ]);
  }

  function focusOn(key) {
    const find = (k) => Array.from(box.querySelectorAll("[data-k]")).find((b) => b.dataset.k === k && !b.disabled);
    const other = { up: "down", down: "up", dup: "ddown", ddown: "dup" }[key.split(":")[0]];
    const target = find(key) || (other && find(other + key.slice(key.indexOf(":"))));
    if (target) target.focus();
  }

  async function render() {
    const round = ++state.round;
    const list = together(entries());
    const found = await resolveAll(list.map((e) => e.id));
    if (round !== state.round) return;
    const items = list.map((entry, i) => ({ entry, r: found[i] }));
    const active = box.contains(document.activeElement) && document.activeElement.dataset.k;
    const asked = state.focus;
    state.focus = "";
    const warned = items.filter((x) => x.r.warnings.length).length;
    const parts = grouped(items).map(documentPart);
    fill(box, [
      state.undo && undoRow(),
      items.length ? toolbar(items) : el("p", {}, [
        "篮子是空的。在条款旁边或搜索结果里按“加入篮子”，条款就收集到这里，可以排顺序、写备注、导出成 Word、Excel。",
        el("a", { href: pageUrl("search/") }, ["去查条款"]),
      ]),
      warned > 0 && el("p", { class: "kb-warn" }, [items.length + " 条里有 " + warned + " 条带提示，导出时提示会一起写进去。"]),
      ...parts,
    ]);
    if (asked || active) focusOn(asked || active);
  }

  onChange((key) => {
    if ((key === BASKET || key === PASTED) && !state.writing) render();
  });
  return render();
}
