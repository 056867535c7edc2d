// The search page: hits as one types, filters, an address that can be sent to somebody.
import { showAddress } from "../core/address.js";
import { announce, el, fill } from "../core/dom.js";
import { FILTERS, chosenIn, filterBar } from "./filters.js";
import { hitItem } from "./hit.js";
import { find, findData, isCold, loadingWords, warm } from "./ready.js";

const TOP = 20;
const WAIT = 150; // milliseconds of rest before a search
const EXAMPLES = [
  "安全生产法第25条", "16423 5.2.2.2", "打眼前先看什么", "矿车掉道怎么办", "动火要谁批", "新工人培训多少学时",
];

/** The search page in its box, with its form. */
export function wirePage(box) {
  const form = document.querySelector(".kb-search-form");
  const input = form.querySelector("input[name=q]");
  const status = el("p", { class: "kb-find-status", role: "status" });
  const notice = el("p", { class: "kb-find-notice", hidden: true });
  const refused = el("p", { class: "kb-find-notice", hidden: true });
  const list = el("ol", { class: "kb-hits" });
  const place = el("div", { class: "kb-f-place" });
  const state = { run: 0, timer: 0, bar: null, typing: false, top: TOP };
  input.setAttribute("enterkeyhint", "search");
  fill(box, [place, refused, status, notice, list]);

  // --- the address ---------------------------------------------------------------------------

  function address() {
    const url = new URL(location.href);
    url.hash = "";
    const chosen = state.bar ? state.bar.value() : {};
    const query = input.value.trim();
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    FILTERS.forEach(([name]) => {
      if (chosen[name]) url.searchParams.set(name, chosen[name]);
      else if (state.bar) url.searchParams.delete(name);
    });
    return url.href;
  }

  // typing changes one entry of the history; what is sent or chosen makes another
  function remember(lasting) {
    const href = address();
    if (href === location.href) {
      if (lasting) state.typing = false;
      return;
    }
    showAddress(href, lasting || !state.typing);
    state.typing = !lasting;
  }

  function readAddress() {
    const params = new URL(location.href).searchParams;
    input.value = params.get("q") || "";
    if (!state.bar) return;
    const { chosen, unknown } = chosenIn(params, state.bar.options);
    state.bar.set(chosen);
    refused.textContent = "网址里的" + unknown.join("、") + "，本站没有，没有按它筛选。";
    refused.hidden = !unknown.length;
  }

  // --- what is shown -------------------------------------------------------------------------

  function say(text) {
    notice.textContent = text;
    notice.hidden = !text;
  }

  function empty() {
    status.textContent = "";
    fill(list, []);
    const example = (text) =>
      el("li", {}, [
        el("a", { href: "?q=" + encodeURIComponent(text), onclick: (e) => take(e, text) }, [text]),
      ]);
    fill(list, [
      el("li", { class: "kb-find-empty" }, [
        el("p", {}, ["写条号、标准号，或者照平时的说法写。例如："]),
        el("ul", {}, EXAMPLES.map(example)),
      ]),
    ]);
  }

  function take(e, text) {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    input.value = text;
    input.focus();
    remember(true);
    run();
  }

  function none(filtered) {
    const words = filtered ? "在所选的范围里没有查到。" : "没有查到。换个说法试试。";
    return el("li", { class: "kb-find-none" }, [
      el("p", {}, [words + "没有查到不等于没有规定：可能没有收录，也可能说法不同。"]),
      filtered
        ? el("button", { type: "button", class: "kb-button", onclick: drop }, ["去掉筛选再查"])
        : null,
    ]);
  }

  function drop() {
    state.bar.set({});
    remember(true);
    run();
    input.focus();
  }

  function show(hits, filtered) {
    const said = hits.length && hits[0].why && hits[0].why.notice;
    if (said) say(said + "。下面按字词和意思查到的，请自己判断。");
    fill(list, hits.length ? hits.map(hitItem) : [none(filtered)]);
    if (hits.length === state.top) list.append(moreItem());
    status.textContent = hits.length ? "查到 " + hits.length + (hits.length < state.top ? " 条" : " 条以上，先列最相近的") : "没有查到";
  }

  function moreItem() {
    const more = () => {
      const seen = list.querySelectorAll(".kb-hit").length;
      state.top += TOP;
      run(true).then(() => {
        const next = list.querySelectorAll(".kb-hit")[seen];
        if (next) next.querySelector("a").focus();
      });
    };
    return el("li", { class: "kb-find-more" }, [
      el("button", { type: "button", class: "kb-button", onclick: more }, ["再列 " + TOP + " 条"]),
    ]);
  }

  function failed(e) {
    fill(list, [
      el("li", { class: "kb-find-none" }, [
        el("p", {}, ["查不了：" + e.message + "。"]),
        el("button", { type: "button", class: "kb-button", onclick: () => run() }, ["再试一次"]),
      ]),
    ]);
    status.textContent = "查不了";
  }

  function run(more) {
    const query = input.value.trim();
    const mine = ++state.run;
    if (!more) state.top = TOP;
    document.title = (query ? query + " - " : "") + TITLE;
    if (!query) {
      say("");
      empty();
      return Promise.resolve();
    }
    const filters = state.bar ? state.bar.value() : {};
    if (isCold()) {
      loadingWords().then((words) => {
        if (mine === state.run && isCold()) status.textContent = words;
      });
    }
    list.setAttribute("aria-busy", "true");
    return find(query, { top: state.top, filters }).then(
      (hits) => {
        if (mine !== state.run) return;
        say("");
        list.removeAttribute("aria-busy");
        show(hits, Object.keys(filters).length > 0);
      },
      (e) => {
        if (mine !== state.run) return;
        list.removeAttribute("aria-busy");
        failed(e);
      }
    );
  }

  // --- what the reader does --------------------------------------------------------------------

  input.addEventListener("pointerdown", warm);
  input.addEventListener("input", () => {
    warm();
    clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      remember(false);
      run();
    }, WAIT);
  });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    clearTimeout(state.timer);
    remember(true);
    run().then(() => announce(status.textContent));
  });
  window.addEventListener("popstate", () => {
    clearTimeout(state.timer);
    state.typing = false;
    readAddress();
    run();
  });

  findData()
    .then(
      (data) => {
        state.bar = filterBar(data, () => {
          refused.hidden = true;
          remember(true);
          run();
        });
        fill(place, [state.bar.node]);
      },
      () => null // an older build: the search works without filters
    )
    .then(() => {
      readAddress();
      run();
    });
  if (!("ontouchstart" in window)) input.focus({ preventScroll: true });
}

const TITLE = "查条款 - 安规库";
