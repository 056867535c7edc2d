// Our notes beside the text, marked 要点（非原文）: the whole page's when switched on, one clause's
// when asked for. The data file is loaded then and not before.
import { announce, el, toast } from "../core/dom.js";
import { OURS } from "../core/ours.js";
import { part, sitePath } from "../core/site.js";
import { load, save } from "../core/store.js";
import { anchorIn, clauseName } from "./words.js";

const KEY = "notes"; // true: shown on every page
const CARDS = [["risk", "风险"], ["duty", "职责"], ["operation", "操作"], ["emergency", "应急"]];
const PHASES = { before: "作业前", during: "作业中", after: "作业后", never: "全程" };
const WHO = { worker: "本岗位", foreman: "班组长", firm: "企业", designer: "设计单位", authority: "主管部门" };

const head = () => document.querySelector("[data-kb-notes]");
const wanted = () => load(KEY, false) === true;

/** Whether there are notes for this page. */
export const hasNotes = () => head() !== null;

const dataOf = () => part(sitePath(location.href) + "notes");

/** Clause → clauses of the page whose note says that they punish it. */
function punishedBy(data) {
  const out = new Map();
  Object.keys(data.notes).forEach((from) => {
    (data.notes[from].penalty || []).forEach((to) => {
      const clause = to.split(".")[0];
      out.set(clause, (out.get(clause) || []).concat(from));
    });
  });
  return out;
}

/** 第三条第二款 for a part of the page, as a link; plain words where the page has no such part. */
function linkTo(id, short) {
  const node = document.getElementById(id);
  const clause = node && node.closest(".kb-clause");
  if (!clause) return null;
  const own = node === clause ? "" : (node.dataset.n || "").trim();
  const words = short ? own : clauseName(clause) + own;
  return words ? el("a", { href: "#" + id }, [words]) : null;
}

function links(words, ids) {
  const found = ids.map((id) => linkTo(id, false)).filter(Boolean);
  if (!found.length) return null;
  const line = el("p", { class: "kb-punish" }, [words]);
  found.forEach((a, i) => line.append(i ? "、" : "", a));
  return line;
}

function lineItem(line, accidents) {
  const small = [
    linkTo(line.unit, true),
    PHASES[line.phase],
    WHO[line.who],
    line.every,
    line.report_to ? "报：" + line.report_to : "",
    line.hazard ? "隐患：" + line.hazard : "",
    accidents[line.accident] ? "可致：" + accidents[line.accident] : "",
  ].filter(Boolean);
  const about = el("small", {}, []);
  small.forEach((x, i) => about.append(i ? " · " : "", x));
  return el("li", {}, [line.text, small.length ? about : null]);
}

function lists(lines, accidents) {
  return CARDS.map(([card, name]) => {
    const mine = lines.filter((x) => x.card === card);
    if (!mine.length) return null;
    return el("div", { class: "kb-kind", "data-card": card }, [
      el("p", { class: "kb-kind-name" }, [name]),
      el("ul", {}, mine.map((x) => lineItem(x, accidents))),
    ]);
  });
}

/** What a note says, as nodes; a blocked one says why it is not shown. */
export function noteParts(note, accidents, punishers) {
  const mark = el("p", { class: "kb-own-words" }, [OURS]);
  if (!note) return [mark, el("p", {}, ["这一条没有写要点。"])];
  if (note.state === "figures" || note.state === "missing") {
    const why =
      note.state === "figures"
        ? "写要点以后，这一条的数值变了，原来的要点不能再用，没有显示。请看原文。"
        : "写要点时的那一条，现在的文本里没有了，要点没有显示。";
    return [mark, el("p", { class: "kb-off" }, [why])];
  }
  const other =
    note.state === "wording"
      ? el("p", { class: "kb-off" }, ["写要点以后原文措辞已变，数值没有变；以原文为准。"])
      : null;
  return [
    mark,
    el("p", { class: "kb-gist" }, [note.gist]),
    other,
    ...lists(note.lines, accidents),
    links("处罚的是违反：", note.penalty),
    punishers ? links("违反本条的罚则：", punishers) : null,
  ];
}

function put(clause, data, punished) {
  if (clause.querySelector(".kb-notes")) return;
  const note = Object.prototype.hasOwnProperty.call(data.notes, clause.id) ? data.notes[clause.id] : null;
  const box = el("aside", { class: "kb-notes" }, []);
  box.setAttribute("aria-label", clauseName(clause) + "的" + OURS);
  noteParts(note, data.accidents, punished.get(clause.id)).forEach((n) => n && box.append(n));
  clause.querySelector(".kb-body").after(box);
}

const failed = () => toast("读不到要点，请检查网站文件是否完整");

/** Show the note of one clause, or take it away. */
export function toggleNote(clause) {
  const old = clause.querySelector(".kb-notes");
  if (old) {
    old.remove();
    return;
  }
  dataOf().then((data) => {
    put(clause, data, punishedBy(data));
    clause.querySelector(".kb-notes").scrollIntoView({ block: "nearest" });
    announce("已显示要点");
  }, failed);
}

/** Keep what the reader looks at where it is while the page grows or shrinks around it. */
function steady(change) {
  const at = document.elementFromPoint(window.innerWidth / 2, 120);
  const seen = at && at.closest(".kb-clause");
  const before = seen ? seen.getBoundingClientRect().top : 0;
  change();
  if (seen && window.scrollY > 0) window.scrollBy(0, seen.getBoundingClientRect().top - before);
}

const AT_ONCE = 60; // notes drawn without a pause: the largest page has 689
const run = { turn: 0 };

/** Notes of the page, those in sight first; resolves when the first are there. */
function showAll(data) {
  const mine = ++run.turn;
  const punished = punishedBy(data);
  const all = Array.from(document.querySelectorAll(".kb-clause"));
  const first = Math.max(0, all.findIndex((c) => c.getBoundingClientRect().bottom > 0) - 5);
  const left = all
    .slice(first)
    .concat(all.slice(0, first))
    .filter((c) => Object.prototype.hasOwnProperty.call(data.notes, c.id));
  const some = () => {
    if (mine !== run.turn) return; // switched off meanwhile
    steady(() => left.splice(0, AT_ONCE).forEach((clause) => put(clause, data, punished)));
    if (left.length) setTimeout(some, 0);
  };
  some();
}

function paint(button, on) {
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? "隐藏要点" : "显示要点";
}

function turn(button, on) {
  paint(button, on);
  if (!on) {
    run.turn++;
    steady(() => {
      document.body.classList.remove("kb-notes-on");
      document.querySelectorAll(".kb-notes").forEach((n) => n.remove());
    });
    return Promise.resolve();
  }
  return dataOf().then(
    (data) => {
      steady(() => document.body.classList.add("kb-notes-on"));
      showAll(data);
    },
    () => {
      paint(button, false);
      failed();
    }
  );
}

/** The switch of the page; null where there are no notes. It shows them at once if they were on. */
export function notesSwitch() {
  const box = head();
  if (!box || !document.querySelector(".kb-clause")) return null;
  const button = el("button", { type: "button", class: "kb-switch" }, []);
  const count = Number(box.dataset.kbNotes);
  button.title = "本页有 " + count + " 条我们写的要点，不是原文";
  paint(button, wanted());
  button.addEventListener("click", () => {
    const on = !wanted();
    save(KEY, on);
    turn(button, on).then(() => announce(on ? "已显示要点" : "已隐藏要点"));
  });
  if (wanted()) {
    turn(button, true).then(() => {
      const target = document.getElementById(anchorIn(location.hash));
      if (target) target.scrollIntoView();
    });
  }
  return button;
}

const MANY = 150; // notes that a page of its own accord does not fetch

/** Notes of a document whose text is not here: its page lists them by clause; many only on request. */
export function wireNotesAlone() {
  const box = head();
  if (!box || document.querySelector(".kb-clause")) return;
  const count = Number(box.dataset.kbNotes);
  if (count <= MANY || location.hash.length > 1) {
    listAlone(box);
    return;
  }
  const button = el("button", { type: "button", class: "kb-button" }, ["显示 " + count + " 条要点"]);
  button.addEventListener("click", () => {
    button.remove();
    listAlone(box);
  });
  box.after(button);
}

function listAlone(box) {
  dataOf().then((data) => {
    const rows = Object.keys(data.notes).filter((id) => data.notes[id].gist);
    if (!rows.length) return;
    const list = el("section", { class: "kb-alone" }, [
      el("h2", {}, [OURS]),
      el("p", {}, ["本站没有这份文件的正文；下面是我们写的要点，没有和原文核对，不能当条文引用。"]),
    ]);
    rows.forEach((id) => {
      const parts = noteParts(data.notes[id], data.accidents, null).slice(1);
      const name = data.names ? data.names[id] : id;
      list.append(el("section", { class: "kb-notes", id }, [el("h3", {}, [name]), ...parts.filter(Boolean)]));
    });
    box.after(list);
    const asked = document.getElementById(anchorIn(location.hash));
    if (asked && list.contains(asked)) asked.scrollIntoView(); // it came after the page
  }, failed);
}
