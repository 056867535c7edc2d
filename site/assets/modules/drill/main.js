// Showing and drilling: 投影 and pictures on every sheet, flashcards and questions, the day's sheet.
import { showAddress } from "../core/address.js";
import { isDay, isoDay } from "../core/dates.js";
import { el, fill } from "../core/dom.js";
import { part } from "../core/site.js";
import { learned, rememberPost } from "./boxes.js";
import { cardsPane } from "./cards.js";
import { quizPanes } from "./quiz.js";
import { wireSheets } from "./sheets.js";
import { todayPane } from "./today.js";

const VIEWS = [
  ["cards", "记要点"],
  ["quiz", "做题"],
  ["wrong", "错题本"],
];

const asked = () => new URLSearchParams(location.search);

/** Keep what is shown in the address, so that it can be sent and comes back. */
function noted(values) {
  const query = asked();
  Object.keys(values).forEach((k) => (values[k] ? query.set(k, values[k]) : query.delete(k)));
  const words = query.toString();
  showAddress(location.pathname + (words ? "?" + words : "") + location.hash, false);
}

const typing = (e) => /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);

/** A choice of posts by industry. */
function postChoice(posts, chosen, changed) {
  const groups = new Map();
  posts.forEach((p) => {
    const name = p.industries[0] || "通用";
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(p);
  });
  const select = el("select", { onchange: () => changed(select.value) }, [el("option", { value: "" }, ["选岗位……"])]);
  groups.forEach((list, name) => {
    select.append(
      el("optgroup", { label: name }, list.map((p) => el("option", { value: p.id }, [p.name])))
    );
  });
  select.value = chosen;
  return select;
}

const known = (posts, id) => posts.find((p) => p.id === id);

async function wirePage(root) {
  let index;
  try {
    index = await part("drill/index");
  } catch (e) {
    return fill(root, [el("p", { class: "kb-warn" }, [e.message + "。请重新生成网站（kb site）。"])]);
  }
  const posts = index.posts;
  const wanted = asked().get("post") || "";
  let post = known(posts, wanted) ? wanted : learned().post;
  if (!known(posts, post)) post = "";
  let view = VIEWS.some((v) => v[0] === asked().get("view")) ? asked().get("view") : "cards";

  const panes = new Map();
  VIEWS.forEach(([id]) =>
    panes.set(id, el("div", { class: "kb-pane", role: "tabpanel", id: "kb-pane-" + id, "aria-labelledby": "kb-tab-" + id, tabindex: "0" }))
  );
  const cardBox = el("div", {});
  const cards = cardsPane(cardBox);
  const quiz = quizPanes();
  const choice = postChoice(posts, post, (id) => {
    post = id;
    rememberPost(id);
    noted({ post });
    cards.open(post);
  });
  panes.get("cards").append(
    posts.length
      ? el("label", { class: "kb-field" }, [el("span", {}, ["岗位"]), choice])
      : el("p", { class: "kb-warn" }, ["收录的条款还没有岗位要点。收录正文后重新生成网站；可以先做题。"]),
    cardBox
  );
  const tabs = VIEWS.map(([id, words]) =>
    el("button", { type: "button", role: "tab", id: "kb-tab-" + id, "aria-controls": "kb-pane-" + id, class: "kb-tab", onclick: () => show(id) }, [words])
  );
  const list = el("div", { class: "kb-tabs", role: "tablist", "aria-label": "练习方式" }, tabs);
  list.addEventListener("keydown", (e) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!by) return;
    e.preventDefault();
    const to = (VIEWS.findIndex((v) => v[0] === view) + by + VIEWS.length) % VIEWS.length;
    show(VIEWS[to][0]);
    tabs[to].focus();
  });

  function show(id) {
    view = id;
    VIEWS.forEach(([one], i) => {
      tabs[i].setAttribute("aria-selected", String(one === id));
      tabs[i].tabIndex = one === id ? 0 : -1;
      panes.get(one).hidden = one !== id;
    });
    noted({ view: id === "cards" ? "" : id });
    if (id === "cards") cards.open(post);
    if (id === "quiz") quiz.setup(panes.get("quiz"), (known(posts, post) || {}).name || "");
    if (id === "wrong") quiz.wrong(panes.get("wrong"));
  }

  fill(root, [list, ...panes.values()]);
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || (typing(e) && e.key !== "Enter")) return;
    const took = view === "cards" ? !typing(e) && cards.key(e) : quiz.key(e);
    if (took) e.preventDefault();
  });
  show(view);
}

async function wireToday(root) {
  let index;
  try {
    index = await part("drill/index");
  } catch (e) {
    return fill(root, [el("p", { class: "kb-warn" }, [e.message + "。请重新生成网站（kb site）。"])]);
  }
  const posts = index.posts;
  if (!posts.length) {
    return fill(root, [el("p", { class: "kb-warn" }, ["收录的条款还没有岗位要点，排不出这一页。收录正文后重新生成网站。"])]);
  }
  const query = asked();
  const dayAsked = query.get("day") || "";
  let day = isDay(dayAsked) && dayAsked.startsWith("20") ? dayAsked : isoDay();
  let post = [query.get("post"), learned().post, posts[0].id].find((id) => known(posts, id));
  const box = el("div", {});
  const pane = todayPane(box, (to) => {
    day = to;
    noted({ day: day === isoDay() ? "" : day });
    pane.open(known(posts, post), day);
  });
  const choice = postChoice(posts, post, (id) => {
    if (!id) return;
    post = id;
    rememberPost(id);
    noted({ post });
    pane.open(known(posts, post), day);
  });
  fill(root, [el("label", { class: "kb-field" }, [el("span", {}, ["岗位"]), choice]), box]);
  pane.open(known(posts, post), day);
}

/** Showing and drilling: 投影, flashcards, practice, the sheet of the day. */
export function wireDrill() {
  wireSheets();
  const page = document.querySelector("[data-kb-drill]");
  if (page) wirePage(page);
  const today = document.querySelector("[data-kb-today]");
  if (today) wireToday(today);
}
