// A .docx writer: headings, paragraphs, citations and tables, in Chinese fonts, on A4.
import { XML_HEAD, officeParts, relations, xml } from "./xml.js";
import { zip } from "./zip.js";

/** MIME type of what `docx` gives. */
export const DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
// twentieths of a point: A4, and margins of 2.2 cm
const SHORT_SIDE = 11906;
const LONG_SIDE = 16838;
const MARGIN = 1247;

const STYLES = { citation: "KbCitation", note: "KbNote", warning: "KbWarning", lead: "KbLead" };

function fonts(family) {
  const latin = family === "黑体" ? "Arial" : "Times New Roman";
  return `<w:rFonts w:ascii="${latin}" w:hAnsi="${latin}" w:eastAsia="${family}" w:cs="${latin}"/>`;
}

function style(id, name, options) {
  const o = options;
  return (
    `<w:style w:type="paragraph" w:styleId="${id}"${id === "Normal" ? ' w:default="1"' : ""}>` +
    `<w:name w:val="${name}"/>${id === "Normal" ? "" : '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>'}` +
    `<w:qFormat/><w:pPr>${o.keep ? "<w:keepNext/><w:keepLines/>" : ""}` +
    `<w:spacing w:before="${o.before || 0}" w:after="${o.after || 0}" w:line="${o.line || 320}" w:lineRule="auto"/>` +
    `${o.indent ? `<w:ind w:left="${o.indent}"/>` : ""}${o.align ? `<w:jc w:val="${o.align}"/>` : ""}` +
    `${o.outline === undefined ? "" : `<w:outlineLvl w:val="${o.outline}"/>`}</w:pPr>` +
    `<w:rPr>${fonts(o.font || "宋体")}${o.bold ? "<w:b/>" : ""}` +
    `${o.colour ? `<w:color w:val="${o.colour}"/>` : ""}<w:sz w:val="${o.size}"/><w:szCs w:val="${o.size}"/></w:rPr>` +
    "</w:style>"
  );
}

function styles() {
  return (
    `${XML_HEAD}<w:styles ${W}><w:docDefaults><w:rPrDefault><w:rPr>${fonts("宋体")}<w:sz w:val="21"/>` +
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>' +
    style("Normal", "Normal", { size: 21, after: 60 }) +
    style("Title", "Title", { size: 36, bold: true, font: "黑体", align: "center", after: 200 }) +
    [32, 26, 23].map((size, i) =>
      style(`Heading${i + 1}`, `heading ${i + 1}`, {
        size, bold: true, font: "黑体", before: 280 - i * 80, after: 100, outline: i, keep: true,
      })
    ).join("") +
    style("KbLead", "KB Lead", { size: 20, colour: "55606D", align: "center", after: 160 }) +
    style("KbCitation", "KB Citation", { size: 19, colour: "0B57A4", font: "楷体", after: 60 }) +
    style("KbNote", "KB Note", { size: 20, font: "楷体", indent: 210, after: 60 }) +
    style("KbWarning", "KB Warning", { size: 20, bold: true, font: "黑体", colour: "8C1C13", after: 60 }) +
    style("Footer", "footer", { size: 18, align: "center", colour: "55606D" }) +
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>' +
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>' +
    '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>' +
    "</w:tblCellMar></w:tblPr></w:style></w:styles>"
  );
}

/** Runs of a text: its line breaks and tabs are kept. */
function runs(text, look) {
  const o = look || {};
  const own = o.bold ? "<w:rPr><w:b/></w:rPr>" : "";
  const pieces = String(text).replace(/\r\n?/g, "\n").split(/([\n\t])/);
  const inner = pieces.map((p) => {
    if (p === "\n") return "<w:br/>";
    if (p === "\t") return "<w:tab/>";
    return p ? `<w:t xml:space="preserve">${xml(p)}</w:t>` : "";
  });
  return `<w:r>${own}${inner.join("")}</w:r>`;
}

function paragraph(content, styleId, extra) {
  const list = Array.isArray(content) ? content : [content];
  const inner = list.map((c) => (typeof c === "object" ? runs(c.text, c) : runs(c))).join("");
  const props = (styleId ? `<w:pStyle w:val="${styleId}"/>` : "") + (extra || "");
  return `<w:p>${props ? `<w:pPr>${props}</w:pPr>` : ""}${inner}</w:p>`;
}

function table(block, width) {
  const rows = block.rows;
  const spanOf = (c) => (typeof c === "object" && c !== null && c.span) || 1;
  const columns = Math.max(1, ...rows.map((r) => r.reduce((n, c) => n + spanOf(c), 0)));
  const shares = block.widths && block.widths.length === columns ? block.widths : new Array(columns).fill(1);
  const whole = shares.reduce((a, b) => a + b, 0);
  const grid = shares.map((s) => Math.floor((width * s) / whole));
  const side = (name) => `<w:${name} w:val="single" w:sz="4" w:space="0" w:color="808080"/>`;
  const borders = ["top", "left", "bottom", "right", "insideH", "insideV"].map(side).join("");
  const body = rows.map((row, r) => {
    const head = r < (block.header || 0);
    let at = 0;
    const cells = row.map((cell, i) => {
      // a row that is short ends in a cell over the rest, so that every row has all columns
      const span = i === row.length - 1 ? columns - at : spanOf(cell);
      const wide = grid.slice(at, at + span).reduce((a, b) => a + b, 0);
      at += span;
      const text = typeof cell === "object" && cell !== null ? cell.text : cell;
      const shade = head ? '<w:shd w:val="clear" w:color="auto" w:fill="EEF1F4"/>' : "";
      return (
        `<w:tc><w:tcPr><w:tcW w:w="${wide}" w:type="dxa"/>${span > 1 ? `<w:gridSpan w:val="${span}"/>` : ""}${shade}</w:tcPr>` +
        paragraph({ text: text === undefined || text === null ? "" : text, bold: head }) +
        "</w:tc>"
      );
    });
    const props = `<w:trPr><w:cantSplit/>${head ? "<w:tblHeader/>" : ""}</w:trPr>`;
    return `<w:tr>${props}${cells.length ? cells.join("") : "<w:tc><w:p/></w:tc>"}</w:tr>`;
  });
  return (
    `<w:tbl><w:tblPr><w:tblW w:w="${width}" w:type="dxa"/><w:tblBorders>${borders}</w:tblBorders>` +
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>' +
    `<w:tblGrid>${grid.map((g) => `<w:gridCol w:w="${g}"/>`).join("")}</w:tblGrid>${body.join("")}</w:tbl>` +
    "<w:p/>" // Word wants a paragraph between two tables and after the last
  );
}

function block(b, width) {
  if (b.rows) return b.rows.length ? table(b, width) : "";
  if (b.heading !== undefined) {
    const level = Math.min(3, Math.max(1, b.level || 1));
    return paragraph(b.heading, `Heading${level}`, b.newPage ? "<w:pageBreakBefore/>" : "");
  }
  return paragraph(b.text, STYLES[b.style] || "");
}

function footer() {
  const field =
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>' +
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>';
  return `${XML_HEAD}<w:ftr ${W}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>${field}</w:p></w:ftr>`;
}

/**
 * A document as the bytes of a .docx. `content`: {title, landscape, blocks}; a block is
 * {heading, level, newPage}, {text, style} or {rows, header, widths}. A text is a string or a list
 * of strings and {text, bold}; `style` is citation, note, warning or lead; a cell is a string or
 * {text, span}; `header` counts the rows that are repeated on each page; widths are shares.
 */
export function docx(content) {
  const wide = content.landscape ? LONG_SIDE : SHORT_SIDE;
  const high = content.landscape ? SHORT_SIDE : LONG_SIDE;
  const width = wide - 2 * MARGIN;
  const body = content.blocks.map((b) => block(b, width)).join("");
  const section =
    `<w:sectPr><w:footerReference r:id="rId3" w:type="default"/><w:pgSz w:w="${wide}" w:h="${high}"` +
    `${content.landscape ? ' w:orient="landscape"' : ""}/><w:pgMar w:top="${MARGIN}" w:right="${MARGIN}" ` +
    `w:bottom="${MARGIN}" w:left="${MARGIN}" w:header="680" w:footer="680" w:gutter="0"/></w:sectPr>`;
  const types = [
    ["/word/document.xml", PART + "document.main+xml"],
    ["/word/styles.xml", PART + "styles+xml"],
    ["/word/settings.xml", PART + "settings+xml"],
    ["/word/footer1.xml", PART + "footer+xml"],
  ];
  return zip([
    ...officeParts(types, "word/document.xml", content.title),
    {
      name: "word/document.xml",
      data:
        `${XML_HEAD}<w:document ${W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
        `<w:body>${paragraph(content.title, "Title")}${body}${section}</w:body></w:document>`,
    },
    {
      name: "word/_rels/document.xml.rels",
      data: relations([
        [REL + "styles", "styles.xml"],
        [REL + "settings", "settings.xml"],
        [REL + "footer", "footer1.xml"],
      ]),
    },
    { name: "word/styles.xml", data: styles() },
    {
      name: "word/settings.xml",
      data:
        `${XML_HEAD}<w:settings ${W}><w:compat><w:compatSetting w:name="compatibilityMode" ` +
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
    },
    { name: "word/footer1.xml", data: footer() },
  ]);
}
