// The search box of every page: hits as one types, in a panel under it; a combobox for the keyboard.
import { announce, el, fill } from "../core/dom.js";
import { OURS } from "../core/ours.js";
import { pageUrl } from "../core/site.js";
import { find, isCold, loadingWords, warm } from "./ready.js";
import { addressOf, badge, snippet, titleOf, whyOf } from "./words.js";

const TOP = 6;
const WAIT = 120; // milliseconds of rest before a search
const SHORT = 70; // characters of a snippet in the panel
let boxes = 0;

/** Make a search form a combobox. */
export function wireBox(form) {
  const input = form.querySelector("input[name=q]");
  const id = "kb-q" + ++boxes;
  const list = el("ul", { class: "kb-q-list", role: "listbox", id: id + "-list", "aria-label": "查到的条款" });
  const notice = el("p", { class: "kb-q-notice", hidden: true });
  const status = el("p", { class: "kb-q-status", hidden: true });
  const panel = el("div", { class: "kb-q-panel", hidden: true }, [notice, status, list]);
  const state = { active: -1, run: 0, timer: 0, shown: "" };
  form.classList.add("kb-q-on");
  form.append(panel);
  const attrs = {
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id,
    "aria-autocomplete": "list", "aria-haspopup": "listbox", autocapitalize: "off", spellcheck: "false",
  };
  Object.keys(attrs).forEach((name) => input.setAttribute(name, attrs[name]));

  const options = () => Array.from(list.children);
  const searchUrl = () => pageUrl("search/?q=" + encodeURIComponent(input.value.trim()));

  function setOpen(asked) {
    // what comes when the reader has gone on to something else must not cover it
    const open = asked && form.contains(document.activeElement);
    panel.hidden = !open;
    input.setAttribute("aria-expanded", String(open && options().length > 0));
    if (!open) activate(-1);
  }

  function activate(place) {
    state.active = place;
    options().forEach((o, i) => o.setAttribute("aria-selected", String(i === place)));
    const chosen = options()[place];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function say(text) {
    status.textContent = text;
    status.hidden = !text;
    if (text) announce(text);
  }

  function option(content, address, place) {
    const item = el("li", { role: "option", id: id + "-" + place, "aria-selected": "false" }, content);
    item.dataset.address = address;
    return item;
  }

  function show(hits) {
    const rows = hits.map((hit, i) => option(hitRow(hit), addressOf(hit), i));
    const all = option(["全部结果"], searchUrl(), rows.length);
    all.className = "kb-q-all";
    fill(list, rows.length ? rows.concat(all) : []);
    const said = hits.length && hits[0].why && hits[0].why.notice;
    notice.textContent = said || "";
    notice.hidden = !said;
    say(hits.length ? "" : "没有查到。换个说法试试；没有查到不等于没有规定。");
    if (hits.length) announce("查到 " + hits.length + " 条" + (said ? "。" + said : ""));
    activate(-1);
    setOpen(true);
  }

  function run() {
    const query = input.value.trim();
    const mine = ++state.run;
    if (!query) {
      state.shown = "";
      fill(list, []);
      setOpen(false);
      return;
    }
    if (isCold()) {
      loadingWords().then((words) => {
        if (mine !== state.run || !isCold()) return;
        fill(list, []);
        say(words);
        setOpen(true);
      });
    }
    find(query, { top: TOP }).then(
      (hits) => {
        if (mine !== state.run) return;
        state.shown = query;
        show(hits);
      },
      (e) => {
        if (mine !== state.run) return;
        fill(list, []);
        say("查不了：" + e.message + "。请刷新页面再试。");
        setOpen(true);
      }
    );
  }

  function go(address) {
    setOpen(false);
    location.assign(address);
  }

  input.addEventListener("pointerdown", warm);
  input.addEventListener("input", () => {
    warm();
    activate(-1); // Enter asks for what stands in the box now, not for a hit of what stood there
    clearTimeout(state.timer);
    state.timer = setTimeout(run, WAIT);
  });
  input.addEventListener("focus", () => {
    if (input.value.trim() && state.shown === input.value.trim()) setOpen(true);
  });
  input.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const count = options().length;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      if (panel.hidden && count) setOpen(true);
      if (!count) return;
      const step = e.key === "ArrowDown" ? 1 : -1;
      // one place more than there are options: back in the box
      const next = (state.active + 1 + step + count + 1) % (count + 1);
      activate(next - 1);
    } else if (e.key === "Enter" && state.active >= 0 && !panel.hidden) {
      e.preventDefault();
      go(options()[state.active].dataset.address);
    } else if (e.key === "Escape") {
      if (!panel.hidden) e.preventDefault(); // the first one closes, the next empties
      else input.value = "";
      state.run++;
      setOpen(false);
    }
  });
  list.addEventListener("mousedown", (e) => e.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (e) => {
    const item = e.target.closest("[role=option]");
    if (!item) return;
    if (e.ctrlKey || e.metaKey) window.open(item.dataset.address, "_blank", "noopener");
    else go(item.dataset.address);
  });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    clearTimeout(state.timer);
    state.run++;
    if (input.value.trim()) go(searchUrl());
  });
  form.addEventListener("focusout", (e) => {
    if (!form.contains(e.relatedTarget)) setOpen(false);
  });
}

function hitRow(hit) {
  const why = whyOf(hit).text;
  const gist = hit.gist
    ? el("span", { class: "kb-q-gist" }, [el("i", { class: "kb-ours" }, [OURS]), hit.gist])
    : null;
  return [
    el("span", { class: "kb-q-title" }, [
      titleOf(hit), " ", badge(hit.doc.status),
      hit.doc.region ? el("span", { class: "kb-tag" }, [hit.doc.region]) : null,
    ]),
    gist,
    hit.text ? el("span", { class: "kb-q-text" }, snippet(hit, SHORT)) : null,
    why ? el("span", { class: "kb-q-why" }, [why]) : null,
  ];
}
