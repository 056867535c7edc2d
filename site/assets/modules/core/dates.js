// Days as YYYY-MM-DD in the reader's own time, and what holds on one.

const two = (n) => (n < 10 ? "0" : "") + n;

/** A Date (default: now) as YYYY-MM-DD. */
export function isoDay(date) {
  const d = date || new Date();
  return d.getFullYear() + "-" + two(d.getMonth() + 1) + "-" + two(d.getDate());
}

/** Whether a value is a day that there is, YYYY-MM-DD. */
export function isDay(value) {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(value + "T00:00:00Z");
  return !isNaN(date.getTime()) && date.toISOString().slice(0, 10) === value;
}

/** 2021年6月10日; anything else as it is; 不详 for nothing. */
export function chineseDate(iso) {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso || "");
  return m ? +m[1] + "年" + +m[2] + "月" + +m[3] + "日" : iso || "不详";
}

/** 2026年11月21日：现行；只适用于重庆市: what holds of a rule on a day, and where if not everywhere. */
export const stateWords = (day, label, region) =>
  chineseDate(day) + "：" + label + (region ? "；只适用于" + region : "");

/** [from, to, status, label, reason] of a day; the spans are complete and in order. */
export function spanOn(spans, day) {
  for (let i = spans.length - 1; i >= 0; i--) {
    if (!spans[i][0] || spans[i][0] <= day) return spans[i];
  }
  return null;
}

/** "尚未施行 2021-09-01现行 2027-01-01被代替": each label holds from its day on. */
export function labelOn(days, day) {
  let found = "";
  days.split(" ").forEach((part) => {
    const m = /^(\d{4}-\d{2}-\d{2})?(.*)$/.exec(part);
    if (!m[1] || m[1] <= day) found = m[2];
  });
  return found;
}
