// The filters of the search page: what they offer, what an address asks of them, the bar.
import { isoDay, spanOn } from "../core/dates.js";
import { el, fill } from "../core/dom.js";

const DEFAULT = ["现行", "已修改", "待核"]; // what a search looks through unless it is asked
const STATUSES = ["现行", "已修改", "待核", "尚未施行", "被代替", "已废止"];
const ALL = "all";

/** Names of the filters in the address and in window.kb.search, and what they are called. */
export const FILTERS = [
  ["kind", "类别"],
  ["doc", "文件"],
  ["status", "效力"],
  ["region", "地区"],
  ["post", "岗位"],
  ["hazard", "危险因素"],
  ["activity", "作业活动"],
  ["accident", "事故类型"],
  ["card", "卡片"],
];
const OF_NOTES = { post: "posts", hazard: "hazards", activity: "activities", accident: "accidents", card: "cards" };

/** What each filter offers on a day: {name: [[value, text, clauses]]}, by part("assets/kb/s/find"). */
export function optionsOf(data, day) {
  const kinds = {};
  const statuses = {};
  const regions = {};
  const docs = [];
  const count = (table, key, n) => {
    table[key] = (table[key] || 0) + n;
  };
  data.docs.forEach(([id, name, kind, region, versions]) => {
    let held = 0;
    versions.forEach(([clauses, spans]) => {
      const status = spanOn(spans, day)[1];
      count(statuses, status, clauses);
      if (DEFAULT.includes(status)) held += clauses;
    });
    count(kinds, kind, held);
    if (region) count(regions, region, held);
    docs.push([id, name, held, data.kinds[kind] || kind]);
  });
  const found = Object.keys(statuses);
  const out = {
    kind: Object.keys(data.kinds).filter((k) => kinds[k]).map((k) => [k, data.kinds[k], kinds[k]]),
    doc: docs,
    status: [[ALL, "全部效力", found.reduce((n, s) => n + statuses[s], 0)]].concat(
      STATUSES.filter((s) => statuses[s]).map((s) => [s, s, statuses[s]])
    ),
    region: Object.keys(regions).sort().map((r) => [r, "全国和" + r, regions[r]]),
  };
  Object.keys(OF_NOTES).forEach((name) => {
    out[name] = data[OF_NOTES[name]];
  });
  return out;
}

/** {chosen: {name: value}, unknown: [words]} that an address asks for. */
export function chosenIn(params, options) {
  const chosen = {};
  const unknown = [];
  FILTERS.forEach(([name, label]) => {
    const value = params.get(name);
    if (!value) return;
    if (options && options[name].some((o) => o[0] === value)) chosen[name] = value;
    else unknown.push(label + "“" + value.slice(0, 30) + "”");
  });
  return { chosen, unknown };
}

function select(name, label, rows, onChoose) {
  const option = ([value, text, n]) =>
    el("option", { value }, [text + (n ? "（" + n + "）" : "")]);
  const box = el("select", { name, id: "kb-f-" + name, onchange: onChoose }, [
    el("option", { value: "" }, [name === "status" ? "今天有效的" : "不限"]),
  ]);
  const groups = new Map();
  rows.forEach((row) => {
    const group = row[3] || "";
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(row);
  });
  groups.forEach((members, group) => {
    const made = members.map(option);
    box.append(...(group ? [el("optgroup", { label: group }, made)] : made));
  });
  return el("div", { class: "kb-f" }, [el("label", { for: box.id }, [label]), box]);
}

/**
 * The bar: a button that opens the filters, and what is chosen, each to be taken away.
 *
 * {node, set(chosen), value() → {name: value}}; `onChange()` runs after the reader's changes.
 */
export function filterBar(data, onChange) {
  const options = optionsOf(data, isoDay());
  const offered = FILTERS.filter(([name]) => options[name].length);
  const chosen = {};
  const change = () => {
    offered.forEach(([name]) => {
      const value = grid.querySelector("#kb-f-" + name).value;
      if (value) chosen[name] = value;
      else delete chosen[name];
    });
    paint();
    onChange();
  };
  const grid = el(
    "div",
    { class: "kb-f-grid", id: "kb-f-grid", hidden: true },
    offered.map(([name, label]) => select(name, label, options[name], change))
  );
  const toggle = el(
    "button",
    {
      type: "button", class: "kb-button", "aria-expanded": "false", "aria-controls": grid.id,
      onclick: () => {
        grid.hidden = !grid.hidden;
        toggle.setAttribute("aria-expanded", String(!grid.hidden));
      },
    },
    ["筛选"]
  );
  const chips = el("div", { class: "kb-f-chips" });
  const node = el("div", { class: "kb-f-bar", role: "group", "aria-label": "筛选" }, [
    el("div", { class: "kb-f-top" }, [toggle, chips]),
    grid,
  ]);

  function set(given) {
    offered.forEach(([name]) => {
      const value = given[name] || "";
      grid.querySelector("#kb-f-" + name).value = value;
      if (value) chosen[name] = value;
      else delete chosen[name];
    });
    paint();
  }

  function without(name) {
    const left = Object.assign({}, chosen);
    delete left[name];
    set(name ? left : {});
    toggle.focus();
    onChange();
  }

  function paint() {
    const made = FILTERS.filter(([name]) => chosen[name]).map(([name, label]) => {
      const text = options[name].filter((o) => o[0] === chosen[name])[0][1];
      return el(
        "button",
        {
          type: "button", class: "kb-chip", onclick: () => without(name),
          "aria-label": "去掉" + label + "：" + text,
        },
        [label + "：" + text, el("span", { "aria-hidden": "true" }, [" ×"])]
      );
    });
    const reset = el("button", { type: "button", class: "kb-chip kb-chip-all", onclick: () => without("") }, [
      "全部去掉",
    ]);
    fill(chips, made.length > 1 ? made.concat(reset) : made);
    toggle.textContent = made.length ? "筛选（" + made.length + "）" : "筛选";
  }

  return { node, set, options, value: () => Object.assign({}, chosen) };
}
