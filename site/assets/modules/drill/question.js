// One question: how it is asked, answered with keys, judged, and explained.
import { isoDay } from "../core/dates.js";
import { announce, el, fill } from "../core/dom.js";
import { blankRight, lettersRight } from "./answers.js";
import { askedWords, rightWords } from "./bank.js";
import { addTools } from "./sheets.js";
import { marked, quoted } from "./source.js";

const LETTERS = "ABCDEFGH";

const button = (words, run, more) =>
  el("button", Object.assign({ type: "button", class: "kb-button", onclick: run }, more || {}), words);

/** A question as a slide: the answer hidden. */
export const slideOfItem = (item) => ({
  text: item.type + "题：" + askedWords(item),
  answer: "答案：" + rightWords(item),
  cite: item.citation,
});

/** Blocks of a picture of a question; `told` adds the answer. */
export function blocksOfItem(item, told) {
  const out = [{ kind: "head", text: item.type }, { kind: "text", text: item.stem }];
  (item.options || []).forEach((o, i) => out.push({ kind: "text", text: LETTERS[i] + "．" + o }));
  if (told) {
    out.push({ kind: "head", text: "答案" }, { kind: "text", text: rightWords(item) });
    out.push({ kind: "cite", text: item.explanation });
  }
  return out;
}

/** What is said of an answer: which is right and why the others are not, the source's own words. */
export function explained(bank, item, day) {
  const version = bank.versions[item.version];
  const [cite, text] = bank.bases[item.basis];
  const wrong = (item.wrong || []).map(([words, why]) => {
    const letter = item.options ? LETTERS[item.options.indexOf(words)] : "";
    return el("li", {}, [el("b", {}, [(letter ? letter + "．" : "") + words]), "：" + why]);
  });
  const others = (item.also || []).map(([basis, start, end, id]) =>
    quoted(bank.bases[basis][1], [[start, end]], bank.bases[basis][0], version, id, day)
  );
  return el("div", { class: "kb-why" }, [
    wrong.length
      ? el("details", { open: true }, [
          el("summary", {}, [item.type === "判断" ? "错在哪里" : "别的选项为什么不对"]),
          el("ul", {}, wrong),
        ])
      : null,
    el("p", { class: "kb-soft" }, ["依据：" + item.explanation]),
    quoted(text, item.spans, cite, version, item.id, day),
    ...others,
  ]);
}

/**
 * A question in a box. `done(right)` is called once, when it has been answered; `next()` when the
 * reader goes on. Returns {key(event), node}: key tells whether it took the key.
 */
export function questionIn(box, bank, item, head, done, next) {
  const choices = item.type === "判断" ? ["对", "错"] : item.options || [];
  const many = item.type === "多选";
  const state = { told: false, chosen: new Set() };
  const result = el("div", { class: "kb-q-result" });
  const rows = choices.map((words, i) =>
    el("button", { type: "button", class: "kb-option", role: many ? "checkbox" : "radio", "aria-checked": "false", onclick: () => choose(i) }, [
      el("span", { class: "kb-option-letter" }, [item.type === "判断" ? (i ? "✗" : "✓") : LETTERS[i]]),
      el("span", {}, [words]),
    ])
  );
  const blank = el("input", { type: "text", class: "kb-blank", "aria-label": "填空的答案", autocomplete: "off", placeholder: "在这里填，回车交答案" });
  const give = button(["交答案"], () => submit(), { class: "kb-button kb-button-main" });
  let body = null;
  if (choices.length) {
    body = el("div", { class: "kb-options", role: many ? "group" : "radiogroup", "aria-label": many ? "可选几项" : "选一项" }, rows);
  } else if (item.type === "填空") body = el("p", {}, [blank]);
  else body = el("p", { class: "kb-soft" }, ["先在心里（或纸上）一点一点说出来，再看要点。"]);
  if (item.type === "简答") give.textContent = "看要点";

  const face = el("section", { class: "kb-card kb-question", tabindex: "-1", "aria-label": item.type + "题", "data-kb-sheet": "练一题" }, [
    el("p", { class: "kb-card-top" }, [el("span", {}, [head]), el("span", {}, [item.type])]),
    el("h3", { class: "kb-stem" }, [item.stem]),
    body,
    el("p", { class: "kb-drill-row kb-drill-no" }, [give]),
    result,
  ]);
  addTools(face, {
    slides: () => [slideOfItem(item)],
    sheet: () => ({ title: "练一题", blocks: blocksOfItem(item, state.told) }),
  });
  fill(box, [face]);
  face.append(face.querySelector(".kb-sheet-tools"));
  face.focus({ preventScroll: true });
  announce(item.type + "题。" + item.stem);

  function choose(i) {
    if (state.told) return;
    if (many) {
      if (!state.chosen.delete(i)) state.chosen.add(i);
    } else {
      state.chosen = new Set([i]);
    }
    rows.forEach((row, n) => row.setAttribute("aria-checked", String(state.chosen.has(n))));
  }

  function judged() {
    const letters = Array.from(state.chosen).map((i) => LETTERS[i]);
    if (item.type === "判断") return { right: choices[Array.from(state.chosen)[0]] === item.answer, hint: "" };
    if (item.type === "填空") return blankRight(blank.value, item.answer);
    return { right: lettersRight(letters, item.answer), hint: "" };
  }

  function submit() {
    if (state.told) return;
    if (choices.length && !state.chosen.size) return announce("还没有选");
    if (item.type === "填空" && !blank.value.trim()) return blank.focus();
    state.told = true;
    give.parentNode.remove();
    blank.readOnly = true;
    if (item.type === "简答") return self();
    const { right, hint } = judged();
    rows.forEach((row, i) => {
      const isRight = item.type === "判断" ? choices[i] === item.answer : item.answer.includes(LETTERS[i]);
      row.disabled = true;
      row.classList.toggle("kb-option-right", isRight);
      row.classList.toggle("kb-option-wrong", !isRight && state.chosen.has(i));
    });
    tell(right, hint);
    done(right);
  }

  /** 简答: the reader tells whether all points were said. */
  function self() {
    const judge = (right) => {
      tell(right, "");
      done(right);
    };
    state.self = judge;
    fill(result, [
      points(),
      el("div", { class: "kb-drill-row kb-drill-no", role: "group", "aria-label": "说全了没有" }, [
        button([el("kbd", { "aria-hidden": "true" }, ["1"]), "都说到了"], () => judge(true)),
        button([el("kbd", { "aria-hidden": "true" }, ["2"]), "没说全"], () => judge(false)),
      ]),
    ]);
    announce("要点：" + item.points.join("；"));
    face.focus({ preventScroll: true });
  }

  const points = () => el("ol", { class: "kb-card-lines" }, item.points.map((p) => el("li", {}, [p])));

  function tell(right, hint) {
    state.self = null;
    state.over = true;
    const verdict = right ? "对了" : item.type === "简答" ? "记进错题本了" : "不对";
    const words = item.type === "简答" ? null : el("p", { class: "kb-answer" }, ["答案：" + rightWords(item).replace(/\n/g, "；")]);
    const go = button(["下一题"], () => next(), { class: "kb-button kb-button-main" });
    fill(result, [
      el("p", { class: "kb-verdict " + (right ? "kb-right" : "kb-wrong") }, [(right ? "✓ " : "✗ ") + verdict, hint ? "（" + hint + "）" : ""]),
      item.type === "简答" ? points() : words,
      explained(bank, item, isoDay()),
      el("p", { class: "kb-drill-row kb-drill-no" }, [go]),
    ]);
    announce(verdict + "。答案：" + rightWords(item).replace(/\n/g, "；"));
    go.focus({ preventScroll: true });
  }

  function key(e) {
    if (state.over) {
      if (e.key !== "Enter" || e.target instanceof HTMLButtonElement) return false;
      next();
      return true;
    }
    if (state.self) {
      if (e.key !== "1" && e.key !== "2") return false;
      state.self(e.key === "1");
      return true;
    }
    if (e.key === "Enter") {
      // Enter on a choice submits what is chosen; a space chooses
      if (e.target instanceof HTMLButtonElement && !e.target.classList.contains("kb-option")) return false;
      if (e.target.classList && e.target.classList.contains("kb-option") && !state.chosen.size) return false;
      submit();
      return true;
    }
    if (e.target === blank) return false;
    const place = /^[1-8]$/.test(e.key) ? Number(e.key) - 1 : LETTERS.indexOf(e.key.toUpperCase());
    if (e.key.length !== 1 || place < 0 || place >= choices.length) return false;
    choose(place);
    return true;
  }

  return { key, blank };
}

/** A stem with its answer for a list of questions got wrong. */
export function itemLine(bank, item, times) {
  return el("details", { class: "kb-wrong-item" }, [
    el("summary", {}, [el("span", { class: "kb-tag" }, [item.type]), item.stem, el("small", { class: "kb-soft" }, ["　错 " + times + " 次"])]),
    item.options ? el("ul", { class: "kb-plain" }, item.options.map((o, i) => el("li", {}, [LETTERS[i] + "．" + o]))) : null,
    el("p", { class: "kb-answer" }, marked("答案：" + rightWords(item).replace(/\n/g, "；"), [])),
    explained(bank, item, isoDay()),
  ]);
}
