// Documents that a text names for certain and that the catalog lacks.
//
// The finder of kb/citations for a text outside any document, without ids: it must take the same
// steps over a text, because what one reference takes no other may begin in.
import { ARTICLE, clauseList, lastOf, parseList } from "./cited_lists.js";
import { GENERIC, WELL_KNOWN, all, matchAt, readable, search } from "./cited_patterns.js";
import { numberOf } from "./names.js";

const STATE = "中华人民共和国";

/** Names (《…》, GB 1234-2000) that a query names and the catalog does not have. */
export function unknownIn(query, names, folding, found) {
  if (!readable()) return [];
  const out = new Set();
  namedIn(query).forEach((c) => {
    if (c.number) {
      const have = names.get(c.number, folding).length || (c.title && names.get(c.title, folding).length);
      if (!have) out.add(c.number);
    } else if (GENERIC.has(c.title) || (!c.marked && (found || !c.articles))) {
      return;
    } else if (!names.get(c.title, folding).length) {
      out.add("《" + c.title + "》");
    }
  });
  return Array.from(out);
}

// --- spelling -----------------------------------------------------------------------------------

function standardNumber(m) {
  let prefix = m.groups.p.replace(/[ 　]/g, "").toUpperCase().replace(/^(GB|GBZ)T$/, "$1/T");
  let gap = " ";
  if (prefix.startsWith("TSG") && prefix.length > 3) {
    gap = /[A-Z]$/.test(prefix) ? "" : " ";
    prefix = "TSG " + prefix.slice(3);
  }
  const year = m.groups.y || "";
  const full = (year.length === 2 ? "19" : "") + year;
  return [prefix + gap + m.groups.n + (full ? "-" + full : ""), full];
}

function splitTitle(given) {
  let inner = given.replace(/\\</g, "〈").replace(/\\>/g, "〉");
  let number = "";
  let year = "";
  const head = inner.trimStart();
  const std = matchAt("STANDARD_NO", head, 0);
  if (std) {
    [number, year] = standardNumber(std);
    inner = head.slice(std[0].length);
  }
  let title = inner.replace(/\s+/g, "");
  const bracket = search("TITLE_NOTE", title);
  const note = bracket ? matchAt("YEAR_NOTE", bracket.groups.in, 0) : null;
  if (note) {
    title = title.slice(0, bracket.index);
    year = year || "set";
  }
  return [title, number, year];
}

function numberIn(text) {
  const std = matchAt("STANDARD_NO", text, 0);
  if (std && std[0].length === text.length) return standardNumber(std);
  const no = search("DOCNO", text);
  if (no && no.index + no[0].length === text.length) {
    const code = text.slice(0, no.index).replace(/\s/g, "");
    if (code.length < 2 || code.length > 20) return null;
    return [code + "〔" + no.groups.y + "〕" + numberOf(no.groups.n) + "号", no.groups.y];
  }
  const decree = search("DECREE_AFTER", text);
  if (decree && decree.index + decree[0].length === text.length) {
    const issuer = search("ISSUER", text.slice(0, decree.index));
    const g = decree.groups;
    const value = numberOf(g.n || g.m || g.k || "零");
    if (issuer && value > 0) return [issuerName(issuer[0]) + "令第" + value + "号", g.y || ""];
  }
  return null;
}

const issuerName = (text) => (text.startsWith(STATE) ? text.slice(STATE.length) || text : text);

// --- names without marks ------------------------------------------------------------------------

function nameStart(text, floor, end, width) {
  const low = Math.max(floor, end - width);
  const run = search("HAN_TAIL", text.slice(low, end));
  if (!run) return end;
  let start = low + run.index;
  all("CUT_BEFORE_NAME", text, start, end).forEach((m) => {
    const stop = m.index + m[0].length;
    if (stop < end) start = stop;
  });
  const weak = matchAt("WEAK_HEAD", text, start, end);
  return weak ? start + weak[0].length : start;
}

function codeStart(text, floor, end, width) {
  let start = nameStart(text, floor, end, width);
  all("JOINT", text, start, end).forEach((m) => {
    start = m.index + m[0].length;
  });
  return start;
}

function editionAfter(text, pos, bracket) {
  const paren = bracket ? matchAt("PAREN", text, pos) : null;
  if (paren && matchAt("YEAR_NOTE", paren.groups.in.trim(), 0)) return [pos + paren[0].length, true];
  const plain = matchAt("YEAR_AFTER", text, pos);
  return plain ? [pos + plain[0].length, true] : [pos, false];
}

function lawBefore(text, floor, pos) {
  let low = Math.max(floor, pos - 60);
  let until = pos;
  const dated = search("DATED_TAIL", text.slice(low, pos));
  if (dated) {
    const [end, edition] = editionAfter(text, low + dated.index, true);
    if (edition && search("TO_PART", text.slice(end, pos))) until = low + dated.index;
  }
  low = Math.max(floor, until - 34);
  const tail = search("LAW_NAME_TAIL", text.slice(low, until));
  if (!tail) return null;
  const nameEnd = low + tail.index + tail.groups.name.length;
  let start = Math.max(low + tail.index, nameStart(text, floor, nameEnd, 30));
  let name = text.slice(start, nameEnd);
  const known = name.startsWith(STATE) ? name.slice(STATE.length) : name;
  for (const short of WELL_KNOWN) {
    if (known.endsWith(short) && !(short === "合同法" && known.endsWith("劳动合同法"))) {
      name = (name.endsWith(STATE + short) ? STATE : "") + short;
      start = nameEnd - name.length;
      break;
    }
  }
  if (name.length < 2 && !GENERIC.has(name)) return null;
  return { start, title: name, part: tail.groups.part || "" };
}

// --- the scan -----------------------------------------------------------------------------------

const RELATIVE_LEVEL = { 章: 2, 节: 3, 条: 4, 款: 5, 项: 6 };
const OWN_LEVEL = { 编: 0, 章: 2, 节: 3, 条: 4, 款: 5, 项: 6, 目: 7 };

function skip(text, pos, width) {
  let end = pos;
  while (end < text.length && end < pos + width && " 　\t".includes(text[end])) end++;
  return end;
}

// documents named in a text: {title, number, articles, marked}, members of lists left out
function namedIn(text) {
  const out = [];
  const state = { text, floor: 0, out };
  for (let pos = 0; ; ) {
    const m = search("SCAN", text, pos);
    if (!m) return out;
    const name = Object.keys(HANDLERS).find((k) => m.groups[k] !== undefined);
    const end = HANDLERS[name](state, m.index, m);
    pos = end === null || end === undefined ? m.index + 1 : Math.max(end, m.index + 1);
  }
}

function emit(state, head, elements) {
  if (head.title || head.number) {
    const marked = state.text.startsWith("《", head.start);
    const articles = elements.length > 0;
    state.out.push({ title: head.title, number: head.number, articles, marked });
  }
  state.floor = elements.length ? lastOf(elements).end : head.end;
  return state.floor;
}

function stepsAfter(text, pos) {
  let at = skip(text, pos, 2);
  let before = [];
  if (text.startsWith("总则第", at) || text.startsWith("分则第", at)) {
    before = [0];
    at += 2;
  } else if (["的第", "中第", "中的第"].some((w) => text.startsWith(w, at))) {
    at = text.indexOf("第", at);
  }
  const annex = matchAt("ANNEX", text, at);
  if (annex) {
    const end = at + annex[0].length;
    const below = parseList(text, skip(text, end, 1), -1, [-1])[0];
    return below.length ? below : [{ start: at, end, levels: [-1], through: false }];
  }
  const elements = parseList(text, at, -2, before)[0];
  if (elements.length) return elements;
  let clauseAt = text.startsWith("第", at) ? at + 1 : at;
  const word = ["的", "中的", "中"].find((w) => text.startsWith(w, clauseAt));
  if (word) clauseAt = skip(text, clauseAt + word.length, 1);
  return clauseList(text, clauseAt);
}

function titled(text, pos) {
  const m = matchAt("TITLE", text, pos);
  if (!m) return null;
  let [title, number, year] = splitTitle(m.groups.t);
  if (!title && !number) return null;
  let end = pos + m[0].length;
  for (let i = 0; i < 3; i++) {
    const paren = matchAt("PAREN", text, end);
    if (!paren) break;
    const inner = paren.groups.in.trim();
    if (matchAt("YEAR_NOTE", inner, 0)) year = year || "set";
    else if (inner === "试行" || inner === "暂行") title += "（" + inner + "）";
    else {
      const found = numberIn(inner);
      if (!found) break;
      number = number || found[0];
      year = year || found[1];
    }
    end += paren[0].length;
  }
  if (!number) {
    const at = skip(text, end, 1); // 《…规程》GB 16423-2020
    const std = matchAt("STANDARD_NO", text, at);
    if (std) {
      [number, year] = standardNumber(std);
      end = at + std[0].length;
    }
  }
  if (!year) {
    const [stop, dated] = editionAfter(text, end, false);
    end = stop;
    year = dated ? "set" : "";
  }
  return { start: pos, end, title, number, year };
}

function numbered(state, start, stop, number) {
  const { text } = state;
  let title = "";
  let end = stop;
  const following = titled(text, skip(text, end, 1));
  if (following && !following.number) {
    title = following.title;
    end = following.end;
  }
  return emit(state, { start, end, title, number }, stepsAfter(text, end));
}

function relativeFrom(state, end, level) {
  const elements = parseList(state.text, skip(state.text, end, 1), level)[0];
  return emit(state, { end }, elements);
}

function isLabel(text, pos, element) {
  const heads = element.levels.length === 1 && element.levels[0] <= 4;
  const quoted = text.startsWith("：\n", element.end) || text.startsWith(":\n", element.end);
  if (element.through || !(heads || quoted)) return false;
  const from = Math.max(0, pos - 12);
  const line = text.slice(from, pos).lastIndexOf("\n") < 0 ? 0 : from + text.slice(from, pos).lastIndexOf("\n") + 1;
  if (line === 0 && pos > 12) return false;
  const lead = text.slice(line, pos).replace(/^[ 　\t#*-]+|[ 　\t#*-]+$/g, "");
  if (lead.replace(/^["“”]+|["“”]+$/g, "")) return false;
  const after = text.slice(element.end, element.end + 1);
  const ends = after === "\n" || after === "";
  if (lead && element.levels[0] === ARTICLE && !ends) {
    return Boolean(matchAt("QUOTED_LABEL", text, element.end));
  }
  if (ends) return pos > text.length - text.trimStart().length;
  if (after === "：" || after === ":") return text[element.end + 1] === "\n";
  return [" ", "　", "\t", "*"].includes(after);
}

const HANDLERS = {
  title(state, pos) {
    const { text } = state;
    const head = titled(text, pos);
    if (!head) return null;
    if (search("FORM_NAME", head.title) && !head.number) return head.end;
    if (!head.year) {
      const low = Math.max(state.floor, head.start - 14);
      const m = search("YEAR_BEFORE", text.slice(low, head.start));
      if (m) head.start = low + m.index;
    }
    const alias = matchAt("ALIAS", text, head.end);
    const after = alias ? head.end + alias[0].length : head.end;
    return Math.max(emit(state, head, stepsAfter(text, after)), after);
  },
  std(state, pos) {
    const std = matchAt("STANDARD_NO", state.text, pos);
    return std ? numbered(state, pos, pos + std[0].length, standardNumber(std)[0]) : null;
  },
  docno(state, pos) {
    const no = matchAt("DOCNO", state.text, pos);
    const start = codeStart(state.text, state.floor, pos, 16);
    if (!no || pos - start < 2) return null;
    const number = state.text.slice(start, pos) + "〔" + no.groups.y + "〕" + numberOf(no.groups.n) + "号";
    return numbered(state, start, pos + no[0].length, number);
  },
  decree(state, pos) {
    const { text } = state;
    let start = codeStart(text, state.floor, pos, 24);
    start = Math.max(start, start + text.slice(start, pos).lastIndexOf(STATE));
    const issuer = search("ISSUER", text.slice(start, pos));
    const no = matchAt("DECREE_AFTER", text, pos);
    if (!issuer || !no) return null;
    start += issuer.index;
    const g = no.groups;
    const name = issuerName(issuer[0]);
    let number = name + "公告" + g.y + "年第" + g.k + "号";
    if (!g.k) {
      const value = numberOf(g.n || g.m);
      if (!(value > 0)) return null;
      number = name + "令第" + value + "号";
    }
    return numbered(state, start, pos + no[0].length, number);
  },
  this(state, pos) {
    const m = matchAt("THIS", state.text, pos);
    if (!m) return null;
    const end = pos + m[0].length;
    if (m.groups.doc || m.groups.near) {
      return emit(state, { end }, stepsAfter(state.text, end));
    }
    const level = OWN_LEVEL[m.groups.unit];
    const few = matchAt("RELATIVE_MANY", state.text, end);
    if (few && few.groups.u && RELATIVE_LEVEL[few.groups.u[0]] > level) {
      return relativeFrom(state, end + few[0].length, RELATIVE_LEVEL[few.groups.u[0]]);
    }
    return relativeFrom(state, end, level);
  },
  rel(state, pos) {
    const m = matchAt("RELATIVE_MANY", state.text, pos);
    if (!m || m.groups.v) return null;
    const end = pos + m[0].length;
    const unit = m.groups.u[0];
    if (m.groups.n && unit !== "款" && unit !== "条" && !matchAt("PART_CUE", state.text, end)) return null;
    return relativeFrom(state, end, RELATIVE_LEVEL[unit]);
  },
  that(state, pos) {
    const m = matchAt("THAT", state.text, pos);
    if (!m) return null;
    const level = m.groups.doc ? -2 : m.groups.unit === "条" ? 4 : 5;
    return relativeFrom(state, pos + m[0].length, level);
  },
  part(state, pos) {
    const { text } = state;
    const [elements, end] = parseList(text, pos);
    if (!elements.length) return null;
    const top = elements[0].levels[0];
    if (isLabel(text, pos, elements[0])) return elements[0].end;
    if (top <= 4) {
      const named = lawBefore(text, state.floor, pos);
      if (named) return emit(state, { start: named.start, end: pos, title: named.title }, elements);
    }
    const spoken = Boolean(matchAt("PART_CUE", text, end));
    const article = top === 4 || (top <= 2 && spoken);
    return article || top === 5 || spoken ? emit(state, { end: pos }, elements) : null;
  },
  annex(state, pos) {
    const { text } = state;
    const annex = matchAt("ANNEX", text, pos);
    const from = Math.max(0, pos - 12);
    const line = text.slice(from, pos).lastIndexOf("\n");
    const long = line < 0 && pos > 12;
    const lead = text.slice(line < 0 ? 0 : from + line + 1, pos).replace(/[ 　\t#*]/g, "");
    if (!annex || (!long && !lead)) return null;
    const end = pos + annex[0].length;
    const below = parseList(text, end, -1, [-1])[0];
    const found = below.length ? below : [{ start: pos, end, levels: [-1], through: false }];
    const named = lawBefore(text, state.floor, pos);
    const head = named ? { start: named.start, end: pos, title: named.title } : { end: pos };
    return emit(state, head, found);
  },
  clause() {
    return null; // bare clause numbers count inside a standard only
  },
};
