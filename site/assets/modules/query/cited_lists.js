// Lists of 编章节条款项目 behind a name: members {start, end, levels, through} in a text, as
// kb/citations/parts.py and clauses.py read them, without ids.
import { all, matchAt } from "./cited_patterns.js";
import { numberOf } from "./names.js";

/** Level of a 条. */
export const ARTICLE = 4;
const ITEM = 6;
const LEVELS = [["u2", 2], ["u3", 3], ["u4", 4], ["u5", 5], ["u6", 6], ["u7", 7]];

const valid = (text) => numberOf(text) > 0;

function levelOf(groups) {
  if (groups.u0) return groups.u0 === "分编" ? 1 : 0;
  return LEVELS.find((x) => groups[x[0]])[1];
}

function stepIs(level, number, sub) {
  return valid(number) && (!sub || (valid(sub) && level === ARTICLE));
}

function chain(text, start, above, bareItem) {
  const levels = [];
  let pos = start;
  for (;;) {
    let at = pos;
    while (levels.length && at < text.length && at < pos + 2 && " 　的".includes(text[at])) at++;
    let m = matchAt("STEP", text, at);
    let level = ITEM;
    let ok = false;
    if (m) {
      level = levelOf(m.groups);
      ok = stepIs(level, m.groups.n, m.groups.sub);
    } else {
      m = levels.length || bareItem ? matchAt("BRACKETED_ITEM", text, at) : null;
      if (!m) break;
      ok = stepIs(level, m.groups.n);
    }
    if (!ok || level <= (levels.length ? levels[levels.length - 1] : above)) break;
    levels.push(level);
    pos = m.index + m[0].length;
  }
  return [levels, pos];
}

function shared(text, pos, above) {
  const m = matchAt("SHARED", text, pos);
  if (!m) return null;
  const level = levelOf(m.groups);
  if (level <= above) return null;
  const out = [];
  let at = text.indexOf(m.groups.toks, pos);
  const stop = at + m.groups.toks.length;
  for (const piece of all("TOKEN", text, at, stop)) {
    if (!stepIs(level, piece.groups.n)) return null;
    const through = /[至到—–－～~-]/.test(text.slice(at, piece.index)) && out.length > 0;
    const end = piece.index + piece[0].length;
    if (through) out[out.length - 1] = { ...out[out.length - 1], end, through: true };
    else out.push({ start: out.length ? piece.index : pos, end, levels: [level], through: false });
    at = end;
  }
  const end = m.index + m[0].length;
  out[out.length - 1] = { ...out[out.length - 1], end };
  return [out, end];
}

function inherit(before, levels) {
  return levels[0] === ARTICLE ? levels : before.filter((l) => l < levels[0]).concat(levels);
}

/** The last of a list. */
export const lastOf = (list) => list[list.length - 1];

function member(text, pos, before, above) {
  const group = shared(text, pos, above);
  if (group) {
    return [group[0].map((e) => ({ ...e, levels: inherit(before, e.levels) })), group[1]];
  }
  const [steps, end] = chain(text, pos, above, before.length > 0 && lastOf(before) === ITEM);
  if (!steps.length) return null;
  const levels = inherit(before, steps);
  const hanging = shared(text, end, lastOf(levels)); // 第一款第（一）、（二）项
  if (hanging) {
    return [
      hanging[0].map((e, k) => ({
        ...e, start: k === 0 ? pos : e.start, levels: levels.concat(e.levels),
      })),
      hanging[1],
    ];
  }
  const few = matchAt("FIRST_N", text, end);
  if (few) {
    const level = few.groups.u === "款" ? 5 : ITEM;
    const stop = end + few[0].length;
    if (valid(few.groups.n) && level > lastOf(levels)) {
      return [[{ start: pos, end: stop, levels: levels.concat(level), through: true }], stop];
    }
  }
  const link = matchAt("RANGE", text, end);
  if (link) {
    const [other, stop] = chain(text, end + link[0].length, above);
    if (other.length && lastOf(other) === lastOf(levels)) {
      return [[{ start: pos, end: stop, levels, through: true }], stop];
    }
  }
  return [[{ start: pos, end, levels, through: false }], end];
}

/** The list of steps that begins at its 第; [] where there is none. Gives [members, end]. */
export function parseList(text, pos, above, before) {
  const limit = above === undefined ? -2 : above;
  const out = [];
  let end = pos;
  let next = member(text, pos, before || [], limit);
  while (next) {
    out.push(...next[0]);
    end = next[1];
    const last = lastOf(out).levels;
    const link = matchAt("CONNECTOR", text, end);
    if (!link) break;
    next = member(text, end + link[0].length, last, limit);
    if (next && link[0].includes("，") && lastOf(next[0][0].levels) <= lastOf(last)) break;
  }
  return [out, end];
}

/** Clause numbers of a standard behind its name: GB 16423 5.3.8、5.3.9 a). */
export function clauseList(text, pos) {
  const out = [];
  let end = pos;
  let at = pos;
  for (;;) {
    const m = matchAt("CLAUSE_NO", text, at);
    if (!m) break;
    let stop = at + m[0].length;
    if (m.groups.c.split(".").length === 2 && matchAt("CLAUSE_UNIT", text, stop)) break;
    const letter = matchAt("LETTER_ITEM", text, stop);
    if (letter) stop += letter[0].length;
    const link = text.slice(end, at).replace(/^[ 　]+|[ 　]+$/g, "");
    const through = out.length > 0 && ["～", "~", "至", "—", "－"].includes(link);
    if (through && !lastOf(out).through) {
      out[out.length - 1] = { ...lastOf(out), end: stop, through: true };
    } else out.push({ start: at, end: stop, levels: [ARTICLE], through: false });
    end = stop;
    const separator = matchAt("CLAUSE_SEP", text, end);
    if (!separator) break;
    at = end + separator[0].length;
  }
  return out;
}
