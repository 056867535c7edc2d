// What a unit is called: kb.cite_text.unit_label in the browser, made from the id alone.

const CIRCLED =
  "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿";
const REPEAT = /(?:~|\.r)[0-9]+/g;
const STANDARD = /^((?:app-)?[A-Z](?:\.[0-9]+)*|[0-9]+(?:\.[0-9]+)*|pre|intro)(\..*)?$/;
const NOTICE = /^(m|a[0-9]+)((?:-[a-z]+[0-9]+(?:~[0-9]+)?)*)$/;
const STEP = /^([a-z]+)-?([0-9]+(?:-[0-9]+)*)?$/;

/** The numeral that legislation writes (101 → 一百零一, 10 → 十). */
export function zhNumeral(value) {
  if (value === 0) return "零";
  const high = Math.floor(value / 10000);
  const low = value % 10000;
  let out = high ? zhNumeral(high) + "万" : "";
  if (high && low && low < 1000) out += "零";
  let gap = false;
  let rest = low;
  let small = "";
  [[1000, "千"], [100, "百"], [10, "十"], [1, ""]].forEach(([unit, name]) => {
    const digit = Math.floor(rest / unit);
    rest %= unit;
    if (!digit) {
      gap = true;
      return;
    }
    if (gap && small) small += "零";
    gap = false;
    const silent = unit === 10 && digit === 1 && !small && !high; // 十五, not 一十五
    small += (silent ? "" : "零一二三四五六七八九"[digit]) + name;
  });
  return out + small;
}

const zh = (n) => zhNumeral(+n);
const nth = (unit) => (n) => "第" + zh(n) + unit;

const LAW_STEPS = {
  part: nth("编"),
  sub: nth("分编"),
  ch: nth("章"),
  s: nth("节"),
  art: (n) => {
    const [head, ...tail] = n.split("-");
    return "第" + zh(head) + "条" + tail.map((x) => "之" + zh(x)).join("");
  },
  i: (n) => "第（" + zh(n) + "）项",
  y: (n) => "第" + n + "目",
  z: (n) => "第" + n + "小目",
  item: (n) => "条目" + zh(n),
  app: (n) => "附件" + zh(n),
  pre: (n) => "题注（" + zh(n) + "）",
  t: (n) => "表" + n,
  n: (n) => "注" + n,
};
const LAW_WORDS = {
  full: "全文", "part-end": "附则", app: "附件", pre: "题注", toc: "目录", end: "结尾", sign: "落款",
};
const STANDARD_WORDS = { pre: "前言", intro: "引言" };
const STANDARD_STEPS = {
  p: (n) => "第" + n + "段", i: (n) => "第" + n + "项", n: (n) => "注" + n, t: (n) => "表" + n,
};
const NOTICE_STEPS = {
  h: nth("章"),
  r: nth("条"),
  s: zh,
  k: (n) => "（" + zh(n) + "）",
  n: (n) => n,
  q: (n) => "（" + n + "）",
  y: (n) => zh(n) + "是",
  c: (n) => CIRCLED[+n - 1] || "（" + n + "）",
  p: (n) => "第" + n + "段",
  d: (n) => "第" + n + "项",
  t: (n) => "表" + n,
  head: (n) => (n === "1" ? "标题" : "标题" + n),
  to: () => "主送",
  sign: () => "落款",
  att: () => "附件目录",
};

/** 第二十五条第一款第（三）项, 5.2.2.2第3项; an id that follows no rule as it stands. */
export function unitLabel(id, kind) {
  const plain = id.replace(REPEAT, "");
  const notice = kind === "notice" ? NOTICE.exec(plain) : null;
  const standard = kind === "standard" ? STANDARD.exec(plain) : null;
  const label = notice ? ofNotice(notice) : standard ? ofStandard(standard) : ofLaw(plain.split("."));
  return label === null ? id : label;
}

const has = (table, key) => Object.prototype.hasOwnProperty.call(table, key);

function ofLaw(steps) {
  let out = "";
  for (let place = 0; place < steps.length; place++) {
    const step = steps[place];
    const m = STEP.exec(step);
    if (has(LAW_WORDS, step)) out += LAW_WORDS[step];
    else if (/^[0-9]+$/.test(step) && out) out += "第" + zh(step) + "项"; // 一、 of an annex
    else if (!m || !m[2]) return null;
    else if (m[1] === "p") {
      const inside = steps.slice(0, place).some((x) => /^(?:art-|item-|full)/.test(x));
      if (m[2].includes("-")) return null;
      out += nth(inside ? "款" : "段")(m[2]);
    } else if (has(LAW_STEPS, m[1])) {
      if (m[2].includes("-") && m[1] !== "art" && !"yztn".includes(m[1])) return null;
      out += LAW_STEPS[m[1]](m[2]);
    } else return null;
  }
  return out;
}

function ofStandard(m) {
  const number = m[1].replace(/^app-/, "");
  let out = number.includes(".") || /^[0-9]/.test(number) ? number : "附录" + number;
  if (has(STANDARD_WORDS, number)) out = STANDARD_WORDS[number];
  for (const step of (m[2] || "").split(".").filter(Boolean)) {
    const found = STEP.exec(step);
    let mark = step.length === 1 || /^[0-9]+$/.test(step) ? step : "";
    if (found && found[1] === "d" && found[2]) mark = found[2]; // 1) directly in the clause
    if (mark) out += (out.endsWith("）") ? "" : " ") + mark + "）";
    else if (step !== "full") {
      if (!found || !found[2] || !has(STANDARD_STEPS, found[1])) return null;
      out += STANDARD_STEPS[found[1]](found[2]);
    }
  }
  return out;
}

function ofNotice(m) {
  let out = m[1] === "m" ? "" : "附件" + m[1].slice(1);
  for (const step of m[2].split("-").filter(Boolean)) {
    const found = STEP.exec(step);
    if (!found || !found[2] || !has(NOTICE_STEPS, found[1])) return null;
    let word = NOTICE_STEPS[found[1]](found[2]);
    // 五、6: two bare numbers need a mark between them
    if ("ny".includes(found[1]) && out && !out.endsWith("）")) word = "、" + word;
    out += word;
  }
  return out || "正文";
}
