// Chinese integers, as kb/numerals.py reads them.

const DIGITS = { 〇: 0, 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const UNITS = { 十: 10, 百: 100, 千: 1000 };
const NUMERAL = /^[〇零一二两三四五六七八九十百千万]+$/;

/**
 * Decimal digits of a Chinese integer (一百零一 → "101", 二〇二一 → "2021"); null if it is none.
 * A text, because 万万万万 is beyond what a number holds exactly.
 */
export function zhDigits(text) {
  if (!NUMERAL.test(text)) return null;
  if (text.length === 4 && [...text].every((c) => c in DIGITS)) {
    return trimmed([...text].map((c) => DIGITS[c]).join(""));
  }
  const wan = text.lastIndexOf("万");
  if (wan < 0) {
    const value = below10000(text);
    return value === null ? null : String(value);
  }
  const high = wan > 0 ? zhDigits(text.slice(0, wan)) : null;
  const low = wan + 1 < text.length ? below10000(text.slice(wan + 1)) : 0;
  return high === null || low === null ? null : trimmed(high + String(low).padStart(4, "0"));
}

function trimmed(digits) {
  return digits.replace(/^0+(?=[0-9])/, "");
}

function below10000(text) {
  let total = 0;
  let digit = null;
  let lastUnit = 10000;
  for (const c of text) {
    const unit = UNITS[c];
    if (unit !== undefined) {
      // 十 alone may lack its digit: 十五, and 一百十五 in old texts
      if (unit >= lastUnit || (digit === null && unit !== 10)) return null;
      total += (digit === null ? 1 : digit) * unit;
      digit = null;
      lastUnit = unit;
    } else {
      if (digit !== null && digit !== 0) return null;
      digit = DIGITS[c];
    }
  }
  return total + (digit || 0);
}
