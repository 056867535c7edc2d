// What the site holds of a stored id today: its words, citation and validity, or why it has none.
import { chineseDate, isoDay, spanOn } from "../core/dates.js";
import { documents, pageUrl, parseRef, part } from "../core/site.js";
import { unitIn } from "../core/unit.js";
import { pastedFor } from "./pasted.js";

/** Key of what all documents without text need to be pasted into. */
export const PASTE_PART = "assets/kb/paste";
const GOOD = ["现行", "已修改", "待核"];

function validity(out, spans) {
  const span = spans && spanOn(spans, isoDay());
  out.status = span ? span[2] : "待核";
  out.label = span ? span[3] || span[2] : "效力待核";
  if (GOOD.indexOf(out.status) >= 0) return;
  const why = span[4] ? "（" + span[4].replace("这一天", "今天").replace(/\d{4}-\d{2}-\d{2}/g, chineseDate) + "）" : "";
  out.warnings.push("今天不是现行有效：" + out.label + why);
}

async function loaded(out, row) {
  out.title = row.title;
  out.number = row.number || "";
  out.region = row.region || "";
  out.page = row.page;
  validity(out, row.spans);
  const data = await part(row.page + "clauses");
  out.cite = data.cite;
  const unit = unitIn(data, out.clause);
  if (!unit) {
    out.warnings.push("这个版本的正文里没有编号 " + out.clause + "（可能重新分条），请打开文件核对");
    return out;
  }
  out.name = unit.name;
  out.cite = data.cite + unit.name;
  out.text = unit.text;
  out.tables = unit.tables;
  out.url = pageUrl(row.page + "#" + out.clause);
  return out;
}

async function withoutText(out) {
  const data = await part("docs/" + out.doc + "/paste");
  out.title = data.title;
  out.cite = data.cite;
  out.page = "docs/" + out.doc + "/";
  out.url = pageUrl(out.page);
  if (data.ref !== out.ref) {
    out.warnings.push("存的是" + chineseDate(out.version) + "的版本，目录里今天要看的是" + chineseDate(data.ref.split("@")[1]) + "的版本");
  } else validity(out, data.spans);
  const clause = Object.prototype.hasOwnProperty.call(data.clauses, out.clause) ? data.clauses[out.clause] : null;
  if (clause && data.ref === out.ref) {
    out.name = clause.label;
    out.cite = data.cite + clause.label;
    out.gist = clause.said[0];
  } else if (out.clause === "full") out.name = "全文";
  if (!out.pasted) out.warnings.push("本站没有这份文件的正文");
  return out;
}

/**
 * Everything about a stored id: {id, ref, doc, version, clause, title, number, region, name, cite,
 * page, url, text, tables, gist, pasted, status, label, warnings}. Never rejects; what could not be found
 * is a warning in plain words, so that no entry is ever dropped.
 */
export async function resolve(id) {
  const at = parseRef(id);
  const out = {
    id, ref: at.doc + "@" + at.version, doc: at.doc, version: at.version, clause: at.clause, title: at.doc,
    number: "", region: "", name: at.clause, cite: id, page: "", url: "", text: "", tables: [], gist: "", pasted: pastedFor(id),
    status: "", label: "", warnings: [],
  };
  try {
    const rows = (await documents()).documents;
    const row = rows.find((r) => r.ref === out.ref && r.page);
    if (row) return await loaded(out, row);
    const missing = await part(PASTE_PART);
    if (missing.documents.indexOf(out.doc) >= 0) return await withoutText(out);
    const other = rows.find((r) => r.id === out.doc);
    if (other) {
      out.title = other.title;
      out.number = other.number || "";
      out.page = other.page;
      out.url = pageUrl(other.page);
      out.warnings.push("本站现在没有" + chineseDate(out.version) + "的版本；别的版本说法可能不同，没有拿来代替");
    } else out.warnings.push("本站现在没有这份文件");
  } catch (e) {
    out.warnings.push(e.message + "，请重新打开这一页");
  }
  return out;
}

/** Ids resolved, in their order. */
export const resolveAll = (ids) => Promise.all(ids.map(resolve));
