// Whether an answer is the right one: spelling apart (full width, 百分之, 三十 for 30, 米 for m).
import { zhDigits } from "../text/numerals.js";

const UNITS = [
  [/平方米/g, "m2"], [/立方米/g, "m3"], [/毫米/g, "mm"], [/厘米/g, "cm"], [/千米|公里/g, "km"], [/米/g, "m"],
  [/分钟/g, "min"], [/小时/g, "h"], [/秒钟?/g, "s"], [/千克|公斤/g, "kg"], [/吨/g, "t"],
  [/千伏/g, "kv"], [/毫安/g, "ma"], [/兆帕/g, "mpa"], [/千瓦/g, "kw"], [/伏特?/g, "v"],
  [/摄氏度|°c|℃/g, "c"], [/个工作日/g, "工作日"], [/个月/g, "月"], [/天/g, "日"], [/周岁/g, "岁"], [/人次/g, "人"],
];
const BOUNDS = /^(?:不小于|不少于|不低于|不大于|不超过|不多于|不高于|至少|最多|大于|小于|为|≥|≤|>|<)/;
const NUMERAL = /[〇零一二两三四五六七八九十百千万]+/g;

function figures(text) {
  return text
    .replace(/百分之([〇零一二两三四五六七八九十百千万]+|[0-9.]+)/g, "$1%")
    .replace(/千分之([〇零一二两三四五六七八九十百千万]+|[0-9.]+)/g, "$1‰")
    .replace(/([〇零一二三四五六七八九十]+)点([〇零一二三四五六七八九]+)/g, (_, a, b) =>
      zhDigits(a) === null ? _ : zhDigits(a) + "." + Array.from(b).map((c) => zhDigits(c)).join(""))
    .replace(NUMERAL, (m) => {
      const digits = zhDigits(m);
      return digits === null ? m : digits;
    })
    .replace(/([0-9]+(?:\.[0-9]+)?)万/g, (_, n) => String(Math.round(Number(n) * 10000)))
    .replace(/([0-9]+\.[0-9]*?)0+(?![0-9])/g, "$1")
    .replace(/\.(?![0-9])/g, "");
}

/** A text as it is compared. */
export function plainAnswer(text) {
  let out = String(text).normalize("NFKC").toLowerCase();
  out = out.replace(/[~〜∼]/g, "~").replace(/[—–−]/g, "-").replace(/²/g, "2").replace(/³/g, "3");
  out = figures(out.replace(/[\s,，。；;：:、“”"‘’'《》()（）]/g, ""));
  UNITS.forEach(([from, to]) => {
    out = out.replace(from, to);
  });
  return out;
}

const bare = (text) => text.replace(/^[^0-9]+/, "").replace(/[^0-9.~%‰-]+$/, "");

/** {right, hint}: whether a blank is filled rightly; a figure without its unit is, with a hint. */
export function blankRight(given, answer) {
  const mine = plainAnswer(given);
  const true_ = plainAnswer(answer);
  if (!mine) return { right: false, hint: "" };
  if (mine === true_ || mine.replace(BOUNDS, "") === true_.replace(BOUNDS, "")) return { right: true, hint: "" };
  const number = bare(true_);
  if (number && /^[0-9.~%‰-]+$/.test(mine) && mine === number) return { right: true, hint: "数对了，别忘了写单位" };
  return { right: false, hint: "" };
}

/** Whether the letters chosen are those of the answer, in any order. */
export function lettersRight(given, answer) {
  return given.slice().sort().join("") === Array.from(answer).sort().join("");
}
