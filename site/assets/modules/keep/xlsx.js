// An .xlsx writer: sheets of text. Every cell is an inline string, so nothing can be a formula.
import { XML_HEAD, officeParts, relations, xml } from "./xml.js";
import { zip } from "./zip.js";

/** MIME type of what `xlsx` gives. */
export const XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PART = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
/** What one cell can hold; what is longer goes on in the next row. */
const LONGEST = 32767;
const DEFAULT_WIDTH = 16;
const LINE = 15;
const TALLEST = 409; // what a spreadsheet allows
// styles: text, header, text that begins like a formula (a spreadsheet must not read it as one)
const TEXT = 0;
const HEADER = 1;
const QUOTED = 2;
const TITLE = 3;

function columnName(n) {
  let out = "";
  for (let i = n + 1; i > 0; i = Math.floor((i - 1) / 26)) out = String.fromCharCode(65 + ((i - 1) % 26)) + out;
  return out;
}

/** Cell text: _x0041_ would be read as a character's code, so it is written as itself. */
const cellText = (text) => xml(text.replace(/\r\n?/g, "\n").replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_"));

function cell(row, column, text, look) {
  if (!text) return look === TITLE ? "" : `<c r="${columnName(column)}${row}" s="${look}"/>`;
  const style = look !== TEXT ? look : /^[=+\-@\t\r\n]/.test(text) ? QUOTED : TEXT;
  return (
    `<c r="${columnName(column)}${row}" t="inlineStr" s="${style}">` +
    `<is><t xml:space="preserve">${cellText(text)}</t></is></c>`
  );
}

/** A row, and more below it where a cell holds more than a spreadsheet can. */
function split(values) {
  const cells = values.map((v) => {
    let rest = v === undefined || v === null ? "" : String(v);
    const pieces = [];
    while (rest.length > LONGEST) {
      const pair = /[\ud800-\udbff]/.test(rest[LONGEST - 1]) ? 1 : 0; // not through a character
      pieces.push(rest.slice(0, LONGEST - pair));
      rest = rest.slice(LONGEST - pair);
    }
    return pieces.concat(rest);
  });
  const rows = Math.max(1, ...cells.map((pieces) => pieces.length));
  return Array.from({ length: rows }, (_, i) => cells.map((pieces) => pieces[i] || ""));
}

/** Height of a row in points: not every program measures wrapped text when it opens a file. */
function height(values, widths) {
  const lines = values.map((text, i) => {
    const wide = Math.max(2, (widths && widths[i]) || DEFAULT_WIDTH);
    return text.split("\n").reduce((n, line) => {
      const units = Array.from(line).reduce((sum, c) => sum + (c > "\u2e7f" ? 2 : 1), 0);
      return n + Math.max(1, Math.ceil(units / wide));
    }, 0);
  });
  return Math.min(TALLEST, LINE * Math.max(1, ...lines));
}

function sheet(s, first) {
  const columns = (s.widths || s.header || [""]).map((w, i) => {
    const wide = s.widths ? w : DEFAULT_WIDTH;
    return `<col min="${i + 1}" max="${i + 1}" width="${wide}" customWidth="1"/>`;
  });
  const lines = [];
  if (s.title) lines.push([[s.title], TITLE]);
  if (s.header) lines.push([s.header, HEADER]);
  const frozen = lines.length;
  s.rows.forEach((values) => split(values).forEach((v) => lines.push([v, TEXT])));
  const rows = lines.map(([values, look], r) => {
    const tall = look === TITLE ? LINE : height(values.map(String), s.widths);
    const cells = values.map((v, c) => cell(r + 1, c, String(v), look));
    return `<row r="${r + 1}" ht="${tall}" customHeight="1">${cells.join("")}</row>`;
  });
  const pane = frozen
    ? `<pane ySplit="${frozen}" topLeftCell="A${frozen + 1}" activePane="bottomLeft" state="frozen"/>`
    : "";
  return (
    `${XML_HEAD}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>` +
    `<sheetViews><sheetView workbookViewId="0"${first ? ' tabSelected="1"' : ""}>${pane}</sheetView></sheetViews>` +
    `<cols>${columns.join("")}</cols><sheetData>${rows.join("")}</sheetData>` +
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>' +
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
  );
}

/** Sheet names: no \ / ? * [ ] :, no apostrophe at the ends, 31 characters, none twice. */
function names(sheets) {
  const taken = new Set();
  return sheets.map((s, i) => {
    const plain = s.name.replace(/[\\/?*[\]:]/g, " ").replace(/^'+|'+$/g, "").trim().slice(0, 28) || "表" + (i + 1);
    let name = plain;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = plain + " " + n;
    taken.add(name.toLowerCase());
    return name;
  });
}

function styles() {
  const font = (extra) =>
    `<font>${extra}<sz val="11"/><name val="宋体"/><charset val="134"/></font>`;
  const xf = (fontId, fill, more) =>
    `<xf numFmtId="49" fontId="${fontId}" fillId="${fill}" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" ` +
    `applyFill="1" applyBorder="1" applyAlignment="1"${more}><alignment vertical="top" wrapText="1"/></xf>`;
  const thin = ["left", "right", "top", "bottom"].map((s) => `<${s} style="thin"><color rgb="FFBBBBBB"/></${s}>`);
  return (
    `${XML_HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2">${font("")}${font("<b/>")}</fonts>` +
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEEF1F4"/></patternFill></fill></fills>' +
    `<borders count="2"><border/><border>${thin.join("")}<diagonal/></border></borders>` +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="4">${xf(0, 0, "")}${xf(1, 2, "")}${xf(0, 0, ' quotePrefix="1"')}` +
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>' +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  );
}

/**
 * A workbook as the bytes of an .xlsx. `book`: {title, sheets: [{name, title, header, rows,
 * widths}]}; cells are texts, rows lists of them, widths count characters. The title and the
 * header stay in view while the rest is scrolled.
 */
export function xlsx(book) {
  const labels = names(book.sheets);
  const files = book.sheets.map((s, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, data: sheet(s, i === 0) }));
  const types = [
    ["/xl/workbook.xml", PART + "sheet.main+xml"],
    ["/xl/styles.xml", PART + "styles+xml"],
    ...files.map((f) => ["/" + f.name, PART + "worksheet+xml"]),
  ];
  const list = labels.map((n, i) => `<sheet name="${xml(n)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  return zip([
    ...officeParts(types, "xl/workbook.xml", book.title),
    {
      name: "xl/workbook.xml",
      data:
        `${XML_HEAD}<workbook xmlns="${MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
        `<sheets>${list.join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      data: relations([
        ...files.map((f) => [REL + "worksheet", f.name.slice(3)]),
        [REL + "styles", "styles.xml"],
      ]),
    },
    { name: "xl/styles.xml", data: styles() },
    ...files,
  ]);
}
