// What a query names and does not get: one sentence for each, as kb/search/explain.py says them.
//
// A search for a clause that is not there still has words, and words always find something.
// Without these sentences another clause would look like the one that was asked for.
import { unitLabel } from "./labels.js";
import { locate } from "./locate.js";

const ARTICLE = /^(?:[a-z]+-[\w-]+\.)*art-[0-9]+(?:-[0-9]+)?$/;
const DEFAULT = ["现行", "已修改", "待核"];
const YEAR = /-[0-9]{4}$/;

/**
 * The loaded versions that a reference means: of each document one, in force first.
 *
 * `versions` are [{ref, doc, version, year}] in the order of the index; `statusOf(ref)` is the
 * status on the day; `allowed(doc)` says whether the filters let the document through, `statuses`
 * are those they ask for, or null. Gives refs.
 */
export function editionsOf(reference, versions, statusOf, allowed, statuses) {
  const wanted = statuses || DEFAULT;
  const pinned = (doc) => reference.pins.some((p) => p.startsWith(doc + "@"));
  const chosen = [];
  reference.docs.forEach((doc, order) => {
    const loaded = versions.filter(
      (v) => v.doc === doc && allowed(doc) && (!pinned(doc) || reference.pins.includes(v.ref))
    );
    let found;
    if (reference.edition) {
      const year = (v) => v.year && String(v.year) === reference.edition;
      found = loaded.filter((v) => v.version.startsWith(reference.edition) || year(v));
    } else {
      found = loaded.filter((v) => wanted.includes(statusOf(v.ref)));
      if (!found.length && (reference.dated || reference.pins.length) && !statuses) found = loaded;
    }
    if (!found.length) return;
    const rank = (v) => {
      const status = statusOf(v.ref);
      return (status === "现行" ? 2 : 0) + (DEFAULT.includes(status) ? 1 : 0);
    };
    const best = found.reduce((a, b) => {
      const more = rank(b) - rank(a);
      return more > 0 || (more === 0 && b.version > a.version) ? b : a;
    });
    const place = versions.indexOf(best);
    chosen.push([DEFAULT.includes(statusOf(best.ref)) ? 0 : 1, order, place, best.ref]);
  });
  chosen.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return chosen.map((x) => x[3]);
}

/**
 * Sentences on what the query names and cannot get; [] when it gets all.
 *
 * `about`: {names, editions(reference) → refs, treeOf(ref) → tree, allowed(doc), statuses (or
 * null), day, labelOf(ref) → [status, label] on the day}.
 */
export function explain(understood, about) {
  const { names } = about;
  const out = new Set();
  understood.references.forEach((reference) => {
    const refs = about.editions(reference);
    if (refs.length) {
      clauses(reference, refs, about).forEach((text) => out.add(text));
      return;
    }
    const named = reference.docs.map((doc) => names.documents.get(doc));
    const replaced = new Set();
    named.forEach((d) => d.supersedes.forEach((old) => replaced.add(old)));
    named.forEach((d) => {
      // of a number without its year the older editions say no more
      if (replaced.has(d.id) && !d.versions.some((v) => v.loaded)) return;
      if (!about.allowed(d.id)) out.add(called(d) + "不在所选的范围内");
      else out.add(edition(d, reference, about));
    });
  });
  understood.unknown.forEach((name) => out.add(unknown(name, names)));
  return Array.from(out);
}

const called = (d) => (d.number ? d.number + " " : "《" + (d.short || d.title) + "》");

function unknown(name, names) {
  if (name.startsWith("《") || name.endsWith("号")) return "目录里没有" + name;
  const stem = name.replace(YEAR, "");
  const others = Array.from(names.documents.values())
    .map((d) => d.number)
    .filter((number) => number && number.replace(YEAR, "") === stem);
  const have = others.length ? "；目录里有 " + others.join("、") : "";
  return name + " 没有收录文本" + have;
}

function clauses(reference, refs, about) {
  if (!reference.clause) return [];
  const rows = refs.map((ref) => [ref, about.names.documents.get(ref.split("@")[0])]);
  const found = refs.map((ref) => locate(about.treeOf(ref), reference));
  if (!found.some((x) => x.length)) {
    return rows.map(([ref, d]) => noClause(ref, d, reference.clause, about));
  }
  const out = [];
  rows.forEach(([ref, d], i) => {
    found[i].forEach((one) => {
      if (one.note) out.push(called(d) + unitLabel(one.clause, d.kind) + "：" + one.note);
    });
    if (found[i].length && reference.until) {
      const end = { clause: reference.until, parts: [], until: "" };
      if (!locate(about.treeOf(ref), end).length) {
        out.push(noClause(ref, d, reference.until, about));
      }
    }
  });
  return out;
}

function noClause(ref, d, clause, about) {
  const label = clause.startsWith("t:") ? "表 " + clause.slice(2) : unitLabel(clause, d.kind);
  const notes = [];
  if (ARTICLE.test(clause)) {
    const count = about.treeOf(ref).units.filter((u) => u.hit && ARTICLE.test(u.id)).length;
    if (count) notes.push("共 " + count + " 条");
  }
  const version = ref.split("@")[1];
  if (d.versions.some((v) => v.version === version && v.partial)) notes.push("收录的文本不完整");
  const more = notes.length ? "（" + notes.join("，") + "）" : "";
  const gap = /^[\x00-\x7f]/.test(label) ? " " : "";
  return called(d) + "没有" + gap + label + more;
}

function edition(d, reference, about) {
  const name = called(d);
  const loaded = d.versions.filter((v) => v.loaded);
  if (!loaded.length) return name + "没有收录文本";
  const adopted = (versions) => versions.map((v) => v.version).join("、");
  const have = adopted(loaded);
  const pins = reference.pins.filter((p) => p.startsWith(d.id + "@"));
  const pinned = d.versions.filter((v) => !pins.length || pins.includes(d.id + "@" + v.version));
  if (reference.pins.length && pinned.length < d.versions.length) {
    return name + adopted(pinned) + " 通过的版本没有收录；收录的是 " + have + " 通过的版本";
  }
  if (reference.edition) {
    const asked = reference.edition + (reference.edition.length === 4 ? " 年" : "");
    return name + asked + "的版本没有收录；收录的是 " + have + " 通过的版本";
  }
  if (about.statuses) return name + "没有所选效力的版本；收录的是 " + have + " 通过的版本";
  const [status, label] = about.labelOf(d.id + "@" + loaded[loaded.length - 1].version);
  if (status === "已废止" || d.kind === "standard") {
    return name + "在 " + about.day + " " + label + "，没有列入结果；要看原文请写明版本或选全部效力";
  }
  const only = loaded.length === 1 ? "（" + label + "）" : "";
  return name + "在 " + about.day + " 有效的版本没有收录；收录的是 " + have + " 通过的版本" + only;
}
