// 我的数据: everything that this browser keeps for the reader, out as a file and in again.
import { isoDay } from "../core/dates.js";
import { announce, download, el, fill, toast } from "../core/dom.js";
import { ON_DISK } from "../core/site.js";
import { drop, exportAll, load, lost, onChange, save, works } from "../core/store.js";
import { OWNERS, nameOf } from "./owners.js";

const KIND = "anguiku-store";
const LARGEST = 20 * 1024 * 1024;

/** Offer everything that is kept as a file. */
export function exportFile() {
  download("安规库数据-" + isoDay() + ".json", "application/json", JSON.stringify(exportAll(), null, 1));
  toast("已导出。请把文件存好，换电脑或清理浏览器以后可以导入");
}

/**
 * What a file holds: {error} or {values: Map(key → good value), notes: [what was left out]}.
 * The file is somebody else's: every value goes through its owner.
 */
export function readFile(text) {
  let data = null;
  try {
    data = JSON.parse(text);
  } catch (e) {
    return { error: "这不是本站导出的文件（读不懂）。请选“安规库数据-日期.json”" };
  }
  const plain = (v) => v !== null && typeof v === "object" && !Array.isArray(v);
  if (!plain(data) || data.kind !== KIND || !plain(data.values)) {
    return { error: "这不是本站导出的文件。请选“安规库数据-日期.json”" };
  }
  if (data.version !== 1) return { error: "这个文件是别的版本的程序导出的，没有导入。请用同一版本的安规库" };
  const values = new Map();
  const notes = [];
  Object.keys(data.values).forEach((key) => {
    const owner = OWNERS.get(key);
    if (!owner) {
      notes.push("不认识“" + key.slice(0, 30) + "”，没有导入");
      return;
    }
    const value = owner.clean(data.values[key]);
    if (value === null) {
      notes.push(owner.name + "的写法不对，没有导入");
      return;
    }
    const left = owner.count(data.values[key]) - owner.count(value);
    if (left > 0) notes.push(owner.name + "里有 " + left + " 条读不懂，没有导入");
    values.set(key, value);
  });
  return { values, notes };
}

/** Take values in; `replace` puts them in the place of what is there. Gives what was there. */
export function takeIn(values, replace) {
  const before = new Map();
  values.forEach((value, key) => {
    const owner = OWNERS.get(key);
    const old = load(key, null);
    before.set(key, old);
    const mine = old === null ? null : owner.clean(old);
    save(key, replace || mine === null ? value : owner.merge(mine, value));
  });
  return before;
}

function summary() {
  const values = exportAll().values;
  const items = Object.keys(values)
    .filter((key) => OWNERS.has(key))
    .map((key) => nameOf(key) + " " + OWNERS.get(key).count(OWNERS.get(key).clean(values[key]) || []) + " 条");
  return items.length ? "现在存着：" + items.join("，") + "。" : "现在没有存东西。";
}

function place() {
  if (!works()) {
    return el("p", { class: "kb-warn" }, ["这个浏览器现在不让网页存东西（存满了、关掉了或无痕窗口）。关掉窗口以前，请导出成文件。"]);
  }
  const words = ON_DISK
    ? "从磁盘打开时，有的浏览器给每个网页文件各存一份，别的页面里存的这里可能看不到；换浏览器、移动文件夹以前，请先导出，再导入。"
    : "清理浏览器数据会一起清掉；换电脑、换浏览器以前，请先导出，再导入。";
  return el("p", {}, [words]);
}

/** Fill and keep up to date the box of 我的数据. */
export function wireDataPage(box) {
  const says = el("div", { class: "kb-import" });
  const state = el("p", {});
  const input = el("input", { type: "file", accept: ".json,application/json", id: "kb-import-file", class: "kb-k-file" });

  const tell = (children) => {
    fill(says, children);
    announce(says.textContent);
  };

  function done(before, notes, replace) {
    const words = (replace ? "已替换。" : "已合并。") + (lost().length ? "浏览器没有存下来，请导出成文件。" : "");
    const back = el("button", { type: "button", class: "kb-k-do", onclick: () => {
      before.forEach((old, key) => (old === null ? drop(key) : save(key, old)));
      tell([el("p", {}, ["已撤销导入。"])]);
    } }, ["撤销导入"]);
    tell([el("p", {}, [words]), ...notes.map((n) => el("p", { class: "kb-warn" }, [n])), back]);
  }

  function ask(read) {
    const items = [];
    read.values.forEach((value, key) => items.push(nameOf(key) + " " + OWNERS.get(key).count(value) + " 条"));
    const notes = read.notes.map((n) => el("p", { class: "kb-warn" }, [n]));
    if (!items.length) {
      tell([el("p", { class: "kb-warn" }, ["文件里没有可以导入的内容。"]), ...notes]);
      return;
    }
    const act = (words, run) => el("button", { type: "button", class: "kb-k-do", onclick: run }, [words]);
    const first = act("合并（两边都留，重复的留现在的）", () => done(takeIn(read.values, false), read.notes, false));
    tell([
      el("p", {}, ["文件里有：" + items.join("，") + "。怎么导入？"]),
      ...notes,
      el("div", { class: "kb-act" }, [
        first,
        act("替换（用文件里的，现在的不要）", () => done(takeIn(read.values, true), read.notes, true)),
        act("不导入", () => tell([el("p", {}, ["没有导入。"])])),
      ]),
    ]);
    first.focus();
  }

  input.addEventListener("change", async () => {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    if (file.size > LARGEST) {
      tell([el("p", { class: "kb-warn" }, ["文件太大（超过 20 MB），不是本站导出的，没有导入。"])]);
      return;
    }
    let read = { error: "读不了这个文件，请换一个再试" };
    try {
      read = readFile(await file.text());
    } catch (e) {
      /* taken away while it was read */
    }
    if (read.error) tell([el("p", { class: "kb-warn" }, [read.error])]);
    else ask(read);
  });

  const draw = () => {
    state.textContent = summary();
  };
  fill(box, [
    state,
    place(),
    el("div", { class: "kb-act" }, [
      el("button", { type: "button", class: "kb-k-do", onclick: exportFile }, ["全部导出成文件"]),
      input,
      el("label", { for: "kb-import-file", class: "kb-k-do kb-k-file-label" }, ["从文件导入"]),
    ]),
    says,
  ]);
  draw();
  onChange(draw);
}
