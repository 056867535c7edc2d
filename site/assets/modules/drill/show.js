// 投影: one line a screen, in letters that the last row can read.
//
// A slide is {text, answer?, note?, cite?}: the note stands above the text, the answer
// comes with space or ↓. Letters grow until the screen is full; what does not fit at 28 pt is
// divided at its 款, 项 or sentences, never cut.
import { showAddress } from "../core/address.js";
import { el, fill } from "../core/dom.js";
import { load, save } from "../core/store.js";
import { piecesOf, stretches } from "./breaks.js";

const POINTS_28 = 38; // px: 28 pt are 37.3
const LINES = 19; // of the smallest letters on a screen, so that a finer screen has larger ones
const MOST = 132;
const AREAS = ["note", "text", "answer"];
const LONGEST = 16; // characters of a figure that stays on one line
const HELP = "→ 下一条，← 上一条，空格或 ↓ 看答案，B 黑屏，D 深浅，F 全屏，Esc 结束";

/** Words with every figure and its unit kept on one line. */
function words(text) {
  return text.split("\n").map((line) => {
    const p = el("p");
    stretches(line).forEach(([some, whole]) => {
      p.append(whole && some.length < LONGEST ? el("span", { class: "kb-show-whole" }, [some]) : some);
    });
    return p;
  });
}

/**
 * The stage measures what fits; it shows one screen {text, answer, note, cite} at a time. The
 * citation stands in `foot`, which takes room from the stage.
 */
function stageOf(box, foot) {
  const parts = {};
  AREAS.forEach((name) => {
    parts[name] = el("div", { class: "kb-show-" + name });
    box.append(parts[name]);
  });

  function put(screen) {
    AREAS.forEach((name) => {
      parts[name].hidden = !screen[name];
      fill(parts[name], screen[name] ? words(screen[name]) : []);
    });
  }
  const least = () => Math.max(POINTS_28, Math.round(window.innerHeight / LINES));
  const fits = () => box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth;

  function fitsAt(size) {
    box.style.fontSize = size + "px";
    return fits();
  }
  const legible = (screen) => {
    put(screen);
    return fitsAt(least());
  };

  /** The largest size at which the screen fits; the least one where none does. */
  function sizeOf(screen) {
    put(screen);
    let low = least();
    let high = Math.max(low, Math.min(MOST, Math.round(box.clientHeight / 3)));
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (fitsAt(middle)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** A text in as few pieces as are legible in one area, divided no finer than it must be. */
  function divided(name, text, level) {
    if (level > 3 || legible({ [name]: text })) return [text];
    const joint = level === 0 ? "\n" : "";
    const out = [];
    let held = "";
    piecesOf(text, level, 12).forEach((piece) => {
      const more = held ? held + joint + piece : piece;
      if (legible({ [name]: more })) {
        held = more;
        return;
      }
      if (held) out.push(held);
      const parts = divided(name, piece, level + 1);
      held = parts.pop();
      out.push(...parts);
    });
    if (held) out.push(held);
    return out;
  }

  /** The screens of a slide; `answer` marks those that come only when asked for. */
  function screensOf(slide, number) {
    const cite = slide.cite || "";
    foot.textContent = cite;
    const out = [];
    const add = (screen, answer) => out.push(Object.assign({ cite, slide: number, asked: answer }, screen));
    const said = { text: slide.text, note: slide.note || "" };
    if (legible(said)) add(said, false);
    else {
      if (said.note) divided("note", said.note, 0).forEach((note) => add({ note }, false));
      divided("text", slide.text, 0).forEach((text) => add({ text }, false));
    }
    if (slide.answer) {
      const both = { text: slide.text, answer: slide.answer };
      if (legible(both)) add(both, true);
      else divided("answer", slide.answer, 0).forEach((answer) => add({ answer }, true));
    }
    const many = out.filter((s) => !s.asked).length;
    out.filter((s) => !s.asked).forEach((s, i) => {
      s.of = many > 1 ? i + 1 + "/" + many : "";
    });
    return out;
  }

  return {
    screensOf,
    show(screen) {
      foot.textContent = screen.cite;
      box.style.fontSize = sizeOf(screen) + "px";
    },
  };
}

const icon = (name, label, run) => el("button", { type: "button", "aria-label": label, title: label, onclick: run }, [name]);

const full = () => document.fullscreenElement || document.webkitFullscreenElement || null;

function toFull(node) {
  const ask = node.requestFullscreen || node.webkitRequestFullscreen;
  if (!ask) return;
  try {
    const asked = ask.call(node);
    if (asked && asked.catch) asked.catch(() => {}); // not allowed: the overlay fills the window
  } catch (e) {
    /* the same */
  }
}

function fromFull() {
  const leave = document.exitFullscreen || document.webkitExitFullscreen;
  if (!leave || !full()) return;
  const left = leave.call(document);
  if (left && left.catch) left.catch(() => {});
}

/** Focus where it was; the bar of a clause is only there while something of the clause has it. */
function giveBack(node) {
  node.focus();
  const clause = node.closest(".kb-clause");
  if (document.activeElement === node || !clause) return;
  clause.querySelector(".kb-no a").focus();
  node.focus();
}

/**
 * Project `slides` over the page, one at a time. Focus is held inside and given back at the end.
 * @returns a function that ends it.
 */
export function openShow(title, slides) {
  const kept = slides.filter((s) => s && s.text);
  if (!kept.length) return () => {};
  const before = document.activeElement;
  const box = el("div", { class: "kb-show-stage", "aria-live": "polite", "aria-atomic": "true" });
  const cite = el("p", { class: "kb-show-cite" });
  const count = el("span", { class: "kb-show-count" });
  const next = icon("下一条", "下一条（→ 或空格）", () => step(1));
  const bar = el("div", { class: "kb-show-bar", role: "group", "aria-label": "投影" }, [
    icon("上一条", "上一条（←）", () => step(-1)),
    count,
    next,
    icon("黑屏", "黑屏（B）", () => black()),
    icon("深浅", "深色或浅色（D）", () => shade()),
    icon("全屏", "全屏（F）", () => whole()),
    icon("结束", "结束投影（Esc）", () => close()),
  ]);
  const overlay = el(
    "div",
    {
      class: "kb-show", role: "dialog", "aria-modal": "true", "aria-label": "投影：" + title,
      "aria-describedby": "kb-show-help", tabindex: "-1",
    },
    [
      el("p", { class: "kb-live", id: "kb-show-help" }, [HELP]),
      el("p", { class: "kb-show-title" }, [title]),
      box,
      cite,
      bar,
    ]
  );
  const hidden = Array.from(document.body.children).filter((n) => !n.hasAttribute("inert"));
  hidden.forEach((n) => n.setAttribute("inert", ""));
  const overflow = document.documentElement.style.overflow;
  document.documentElement.style.overflow = "hidden";
  document.body.append(overlay);
  showAddress(location.href, true, { kbShow: true });
  window.addEventListener("popstate", back);
  const stage = stageOf(box, cite);
  let screens = [];
  let at = 0;
  let wasFull = false;
  let shrinking = false;
  let start = null;

  const remembered = load("show", {});
  if (remembered && remembered.light === true) overlay.classList.add("kb-show-light");

  function shade() {
    const light = overlay.classList.toggle("kb-show-light");
    save("show", { light });
  }
  function whole() {
    shrinking = Boolean(full());
    if (shrinking) fromFull();
    else toFull(overlay);
  }
  function black() {
    overlay.classList.toggle("kb-show-black");
  }
  function layout() {
    const now = screens[at];
    screens = [];
    kept.forEach((slide, i) => screens.push(...stage.screensOf(slide, i)));
    at = now ? Math.max(0, screens.findIndex((s) => s.slide === now.slide && s.asked === now.asked)) : 0;
    paint();
  }
  function paint() {
    const s = screens[at];
    stage.show(s);
    count.textContent = s.slide + 1 + " / " + kept.length + (s.of ? "（" + s.of + "）" : "");
    const waits = screens[at + 1];
    next.textContent = waits && waits.asked && !s.asked ? "看答案" : "下一条";
  }
  function go(to) {
    overlay.classList.remove("kb-show-black");
    at = Math.min(Math.max(to, 0), screens.length - 1);
    paint();
  }
  /** Forward shows a hidden answer first; back passes over answers. */
  function step(by) {
    if (by > 0) return go(at + 1);
    let to = at - 1;
    while (to > 0 && screens[to].asked) to--;
    go(to);
  }
  /** The first screen of the next line, leaving an answer unsaid. */
  function skip() {
    let to = at + 1;
    while (to < screens.length && screens[to].asked) to++;
    if (to < screens.length) go(to);
  }
  // the back button (and a phone's gesture) ends the show, not the page
  function back() {
    close(true);
  }
  function close(gone) {
    window.removeEventListener("popstate", back);
    const handBack = () => {
      if (before && before.focus) giveBack(before);
    };
    // a step of the history to an address that names a clause takes the focus once more
    const handLater = () => setTimeout(handBack);
    if (gone === true) handLater();
    else if (history.state && history.state.kbShow) {
      window.addEventListener("popstate", handLater, { once: true });
      history.back();
    }
    document.removeEventListener("keydown", key, true);
    window.removeEventListener("resize", later);
    document.removeEventListener("fullscreenchange", changed);
    clearTimeout(timer);
    fromFull();
    overlay.remove();
    hidden.forEach((n) => n.removeAttribute("inert"));
    document.documentElement.style.overflow = overflow;
    handBack();
  }
  const KEYS = {
    ArrowRight: skip, ArrowDown: () => step(1), PageDown: () => step(1),
    ArrowLeft: () => step(-1), ArrowUp: () => step(-1), PageUp: () => step(-1),
    Home: () => go(0), End: () => go(screens.length - 1), Escape: () => close(),
    b: black, d: shade, f: whole,
  };
  function key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const onButton = e.target instanceof HTMLButtonElement && overlay.contains(e.target);
    if (e.key === "Tab") {
      const stops = [...bar.querySelectorAll("button")];
      const place = stops.indexOf(document.activeElement);
      const to = e.shiftKey ? place - 1 : place + 1;
      stops[(to + stops.length) % stops.length].focus();
    } else if ((e.key === " " || e.key === "Enter") && onButton) {
      e.stopPropagation();
      return; // the button's own
    } else if (e.key === " " || e.key === "Enter") {
      step(1);
    } else {
      const run = KEYS[e.key] || KEYS[e.key.toLowerCase()];
      if (!run) return;
      run();
    }
    e.preventDefault();
    e.stopPropagation();
  }
  let timer = 0;
  function later() {
    clearTimeout(timer);
    timer = setTimeout(layout, 120);
  }
  function changed() {
    if (full()) wasFull = true;
    else if (wasFull) {
      wasFull = false;
      // Esc ends full screen without a key press that a page could see; F only shrinks
      if (shrinking) later();
      else close();
      shrinking = false;
    }
  }
  // the left third goes back, the rest goes on; a swipe does the same
  overlay.addEventListener("click", (e) => {
    if (bar.contains(e.target)) return;
    if (overlay.classList.contains("kb-show-black")) return black();
    step(e.clientX < window.innerWidth / 3 ? -1 : 1);
  });
  overlay.addEventListener("touchstart", (e) => {
    start = e.touches.length === 1 ? e.touches[0].clientX : null;
  }, { passive: true });
  overlay.addEventListener("touchend", (e) => {
    const by = start === null ? 0 : e.changedTouches[0].clientX - start;
    start = null;
    if (Math.abs(by) < 60) return;
    e.preventDefault(); // no click after a swipe
    step(by > 0 ? -1 : 1);
  });
  document.addEventListener("keydown", key, true);
  document.addEventListener("fullscreenchange", changed);
  window.addEventListener("resize", later);
  overlay.focus();
  toFull(overlay);
  layout();
  return close;
}
