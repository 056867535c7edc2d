// 粘贴原文: for a document whose text is not here the reader may paste it, clause by clause. It stays
// in this browser, is marked 用户录入 wherever it stands, and its figures are compared with our note.
import { announce, el, fill, toast } from "../core/dom.js";
import { OURS } from "../core/ours.js";
import { part } from "../core/site.js";
import { onChange } from "../core/store.js";
import { keepButton } from "./basket.js";
import { PASTE_PART } from "./clauses.js";
import { makeChecker } from "./figures.js";
import { LONGEST_TEXT, PASTED, paste, pastedFor, pastedMark, setPasted, allPasted, unpaste } from "./pasted.js";

const SHOWN = 40;
const FULL = { label: "全文", cite: "", said: [], figures: [] };

/** The comparison of a pasted text with what the note says, in words. */
function verdict(result) {
  const lines = [];
  result.differ.forEach((d) => {
    const there = d.found.length ? d.found.join("、") : "没有这个数";
    lines.push(el("li", { class: "kb-k-differs" }, ["数值不同：要点 " + d.said + "，粘贴 " + there + "（请核对原文）"]));
  });
  result.open.forEach((said) => {
    lines.push(el("li", {}, ["未核对：" + said + "（写法特殊或没有带单位，请自己对一下）"]));
  });
  if (result.more.length) {
    lines.push(el("li", {}, ["粘贴里另有要点没写的数：" + result.more.slice(0, 12).join("、") + "。"]));
  }
  const all = result.agree.length + result.differ.length + result.open.length;
  const head = all
    ? "和要点对数字：" + result.agree.length + " 处相同，" + result.differ.length + " 处不同，" + result.open.length + " 处未核对。"
    : "未核对：要点里没有可以对的数字。";
  return el("div", { class: "kb-k-compared" }, [
    el("p", {}, [head + "只对数字和单位，“不小于”“以上”这类词和文字没有对。"]),
    lines.length ? el("ul", {}, lines) : null,
  ]);
}

/** Text that was pasted, with its mark; `result` compares it. */
export function pastedBox(entry, result) {
  return el("div", { class: "kb-k-pasted" }, [
    el("p", { class: "kb-mark-own" }, [pastedMark(entry)]),
    ...entry.text.split("\n").filter((x) => x.trim()).map((x) => el("p", {}, [x])),
    result ? verdict(result) : el("p", { class: "kb-k-soft" }, ["未核对：没有这一条的要点。"]),
  ]);
}

/** One clause: what we know of it, what was pasted, and the form. */
function clauseBox(id, clause, checker) {
  const box = el("section", { class: "kb-paste-one", "data-id": id });
  const draw = (editing) => {
    const entry = pastedFor(id);
    const known = clause.said.length > 0;
    const area = el("textarea", { rows: "6", maxlength: String(LONGEST_TEXT), "aria-label": clause.label + " 的原文" });
    area.value = entry ? entry.text : "";
    const problem = el("p", { class: "kb-warn", role: "alert", hidden: true });
    const keep = () => {
      const why = paste(id, area.value);
      problem.hidden = !why;
      problem.textContent = why;
      if (why) return;
      toast("已存在这台电脑的浏览器里");
      draw(false);
      box.querySelector("button").focus();
    };
    const undo = (old) =>
      el("div", { class: "kb-k-undo" }, [
        el("span", {}, ["已删除粘贴的文字"]),
        el("button", { type: "button", class: "kb-k-do", onclick: () => {
          setPasted(allPasted().concat([old]));
          draw(false);
        } }, ["撤销"]),
      ]);
    const act = (words, run) => el("button", { type: "button", class: "kb-k-do", onclick: run }, [words]);
    const tools = editing
      ? [act("保存", keep), act("取消", () => draw(false))]
      : [
          act(entry ? "修改" : "粘贴原文", () => {
            draw(true);
            box.querySelector("textarea").focus();
          }),
          entry && act("删除", () => {
            const old = unpaste(id);
            draw(false);
            box.append(undo(old));
            box.querySelector(".kb-k-undo button").focus();
            announce("已删除粘贴的文字，可以撤销");
          }),
          keepButton(id),
        ];
    fill(box, [
      el("h3", {}, [clause.label]),
      known && el("p", { class: "kb-gist" }, [el("span", { class: "kb-mark-own" }, [OURS]), clause.said[0]]),
      !editing && entry && pastedBox(entry, known ? checker.check(clause, entry.text) : null),
      editing && el("p", { class: "kb-k-soft" }, ["从官方文本里复制这一条，粘贴到下面。只存在这台电脑的浏览器里，一直标着“用户录入”。"]),
      editing && area,
      editing && problem,
      el("div", { class: "kb-act" }, tools),
    ]);
  };
  draw(false);
  return box;
}

async function fillPaste(box) {
  const doc = box.dataset.kbPaste;
  const [common, data] = await Promise.all([part(PASTE_PART), part("docs/" + doc + "/paste")]);
  const checker = makeChecker(common);
  const ids = Object.keys(data.clauses);
  const list = el("div", { class: "kb-paste-list" });
  const count = el("output", { class: "kb-k-soft" });
  const ask = el("input", { type: "search", "aria-label": "条款号或字词", placeholder: "条款号或字词，例如 5.2.2 或 通风" });
  const fullId = data.ref + "#full";
  const boxes = new Map();
  const boxOf = (id, clause) => {
    if (!boxes.has(id)) boxes.set(id, clauseBox(id, clause, checker));
    return boxes.get(id);
  };
  const show = () => {
    const q = ask.value.trim();
    const fits = ids.filter((c) => {
      const clause = data.clauses[c];
      return !q || clause.label.indexOf(q) >= 0 || clause.said.some((s) => s.indexOf(q) >= 0);
    });
    // what was pasted comes first
    fits.sort((a, b) => Number(Boolean(pastedFor(data.ref + "#" + b))) - Number(Boolean(pastedFor(data.ref + "#" + a))));
    fill(list, [
      ...fits.slice(0, SHOWN).map((c) => boxOf(data.ref + "#" + c, data.clauses[c])),
      !q && boxOf(fullId, ids.length ? Object.assign({}, FULL, { label: "全文或别的条款" }) : FULL),
    ]);
    count.textContent = fits.length > SHOWN ? "显示 " + SHOWN + " 条，共 " + fits.length + " 条；写条款号可以缩小范围" : "";
  };
  ask.addEventListener("input", show);
  const words = ids.length
    ? "下面是本站写了要点的 " + ids.length + " 条。手里有官方文本的，可以逐条粘贴进来对照；不会上传，也不会当作本站的原文去搜索。"
    : "手里有官方文本的，可以把要用的部分粘贴进来备查；不会上传，也不会当作本站的原文去搜索。";
  fill(box, [
    el("h2", { id: "paste" }, ["粘贴原文"]),
    el("p", {}, [words]),
    ids.length > 1 && el("p", { class: "kb-paste-find" }, [ask, count]),
    list,
  ]);
  show();
}

/** Every place of a page that offers it; the page may be drawn before the data comes. */
export function wirePaste() {
  document.querySelectorAll("[data-kb-paste]").forEach((box) => {
    const open = el("button", { type: "button", class: "kb-k-do" }, ["手里有原文？粘贴进来"]);
    const start = () => {
      open.disabled = true;
      fillPaste(box).catch((e) => {
        fill(box, [el("p", { class: "kb-warn" }, [e.message + "，请重新打开这一页再试"]), open]);
        open.disabled = false;
      });
    };
    open.addEventListener("click", start);
    const mine = allPasted().some((e) => e.id.startsWith(box.dataset.kbPaste + "@"));
    fill(box, [el("div", { class: "kb-act" }, [open])]);
    if (mine) start();
  });
}

/** 我的 / 粘贴的原文: all of them, with their mark. */
export function wirePastedPage(box, resolveAll) {
  let undone = null;
  const draw = async () => {
    const list = allPasted();
    const found = await resolveAll(list.map((e) => e.id));
    fill(box, [
      undone && el("div", { class: "kb-k-undo" }, [
        el("span", {}, ["已删除：" + undone.name]),
        el("button", { type: "button", class: "kb-k-do", onclick: () => {
          const back = undone.entry;
          undone = null;
          setPasted(allPasted().filter((e) => e.id !== back.id).concat([back]));
        } }, ["撤销"]),
      ]),
      !list.length && el("p", { class: "kb-k-soft" }, ["没有。打开一份没有正文的文件，可以把手里的官方文本粘贴进去备查。"]),
      ...list.map((entry, i) => {
        const r = found[i];
        const title = r.url ? el("a", { href: r.url }, [r.cite]) : el("span", {}, [r.cite]);
        return el("section", { class: "kb-paste-one", "data-id": entry.id }, [
          el("h3", {}, [title]),
          el("p", { class: "kb-mark-own" }, [pastedMark(entry)]),
          el("details", { class: "kb-k-more" }, [
            el("summary", {}, [entry.text.slice(0, 40) + (entry.text.length > 40 ? "……" : "")]),
            ...entry.text.split("\n").filter((x) => x.trim()).map((x) => el("p", {}, [x])),
          ]),
          el("div", { class: "kb-act" }, [
            el("button", { type: "button", class: "kb-k-do", "aria-label": "删除：" + r.cite, onclick: () => {
              undone = { name: r.cite, entry };
              unpaste(entry.id);
            } }, ["删除"]),
          ]),
        ]);
      }),
    ]);
  };
  onChange((key) => {
    if (key === PASTED) draw();
  });
  return draw();
}
