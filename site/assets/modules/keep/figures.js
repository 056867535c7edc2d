// Figures of a note against those of a text that the reader pasted: values with their units.
//
// Both are folded as the search folds (text/fold.js), so that 三年 and 3 年 are the same. Bounds
// (不小于, 以上) are not compared, and the page says so.
import { makeFold } from "../text/fold.js";

const NUMBER = /[0-9]+(?:\.[0-9]+)*/g;
const RANGE = /^ ?(?:~|-|至|到|或者?|及|和|、) ?(?=[0-9])/;
const SCALES = { 万: 1e4, 亿: 1e8 };
const CLOSE = 1e-9;

const same = (a, b) => Math.abs(a - b) <= CLOSE * Math.max(1, Math.abs(a), Math.abs(b));

/**
 * {figures(text), check(clause, text)} by the data of assets/kb/paste.
 * A figure is {value, unit, shown}; value and unit are in the base of their kind.
 */
export function makeChecker(data) {
  const folding = makeFold(data.fold);
  const longest = Math.max(...Object.keys(data.units).map((w) => w.length));
  const known = new Map(Object.entries(data.units));

  function unitAt(text, at) {
    for (let n = Math.min(longest, text.length - at); n > 0; n--) {
      const word = text.slice(at, at + n);
      const unit = known.get(word);
      // m of max is no metre
      if (unit && !(/[a-z]$/.test(word) && /[a-z0-9]/.test(text[at + n] || ""))) return { unit, end: at + n };
    }
    return null;
  }

  /** Numbers of a folded text with where they stand; dates, ordinals and clause numbers left out. */
  function numbers(text) {
    const out = [];
    for (const m of text.matchAll(NUMBER)) {
      const before = text.slice(Math.max(0, m.index - 2), m.index);
      let end = m.index + m[0].length;
      if (/第$|[a-z]-?$/.test(before) || m[0].split(".").length > 2) continue;
      if (/^(?:19|20)\d\d$/.test(m[0]) && text[end] === "年") continue;
      let value = Number(m[0]);
      const part = /^ ?([/:]) ?([0-9]+(?:\.[0-9]+)?)/.exec(text.slice(end));
      const below = /[0-9] ?([/:]) ?$/.exec(before);
      if (below) continue; // the lower half of 1/3 was taken with the upper
      let unit = null;
      if (part) {
        value /= Number(part[2]);
        end += part[0].length;
        if (part[1] === ":") unit = [1, ":"];
      }
      const scale = SCALES[text[end]];
      if (scale) {
        value *= scale;
        end += 1;
      }
      const found = unit ? null : unitAt(text, end) || (text[end] === " " ? unitAt(text, end + 1) : null);
      if (found) {
        unit = found.unit;
        end = found.end;
      }
      out.push({ start: m.index, end, value, unit });
    }
    return out;
  }

  function figures(original) {
    const folded = folding.fold(original);
    const found = numbers(folded.text);
    for (let i = found.length - 2; i >= 0; i--) {
      // 3至5年: the first has the unit of the second
      const between = folded.text.slice(found[i].end, found[i + 1].start + 1);
      if (!found[i].unit && RANGE.test(between) && between.length <= 5) found[i].unit = found[i + 1].unit;
    }
    return found.map((f) => {
      const [a, b] = folding.span(folded, f.start, f.end);
      const [factor, unit] = f.unit || [1, ""];
      return { value: f.value * factor, unit, shown: original.slice(a, b).trim() };
    });
  }

  function saysPeriod(original, words) {
    const folded = folding.foldText(original);
    return words.some((w) => folded.indexOf(folding.foldText(w)) >= 0);
  }

  /** Whether figures hold a value in a unit: "yes", "bare" (the number alone, as in a table), "no". */
  function holds(list, value, unit) {
    if (list.some((f) => f.unit === unit && same(f.value, value))) return "yes";
    return unit && list.some((f) => !f.unit && same(f.value, value)) ? "bare" : "no";
  }

  function state(figure, list, original) {
    if (figure.w && saysPeriod(original, figure.w)) return "yes";
    const ends = figure.x === undefined ? [figure.v] : [figure.v, figure.x];
    const all = ends.map((v) => holds(list, v, figure.u));
    return all.indexOf("no") >= 0 ? "no" : all.indexOf("bare") >= 0 ? "bare" : "yes";
  }

  /**
   * {agree: [said], differ: [{said, found: [shown…]}], open: [said], more: [shown]} of a clause of
   * docs/<doc>/paste and a pasted text. `open` could not be checked; `found` are the text's other
   * figures of the same unit; `more` all that have a unit and that the note does not state.
   */
  function check(clause, text) {
    const there = figures(text);
    const out = { agree: [], differ: [], open: [], more: [] };
    const wanted = (f) =>
      clause.figures.some((w) => w.u === f.unit && (same(w.v, f.value) || (w.x !== undefined && same(w.x, f.value))));
    clause.figures.forEach((figure) => {
      const own = clause.said[figure.s];
      // what cannot be found again in the note's own words cannot be looked for in others
      if (state(figure, figures(own), own) !== "yes") {
        out.open.push(figure.t);
        return;
      }
      const is = state(figure, there, text);
      if (is === "yes") out.agree.push(figure.t);
      else if (is === "bare") out.open.push(figure.t);
      else {
        const others = there.filter((f) => f.unit === figure.u && !wanted(f)).map((f) => f.shown);
        out.differ.push({ said: figure.t, found: Array.from(new Set(others)).slice(0, 4) });
      }
    });
    out.more = Array.from(new Set(there.filter((f) => f.unit && !wanted(f)).map((f) => f.shown)));
    return out;
  }

  return { figures, check };
}
