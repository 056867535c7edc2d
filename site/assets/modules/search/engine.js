// The search itself, in a worker or on the page: kb/search/searcher.py over the site's data files.
// Citations first, then words and meaning over the rows that filters and validity leave.
import { editionsOf, explain } from "../query/explain.js";
import { locate, openTree } from "../query/locate.js";
import { openNames } from "../query/names.js";
import { understand } from "../query/understand.js";
import { openText } from "../text/open.js";
import { openLexical } from "./bm25.js";
import { allowsDocument, readFilters } from "./filters.js";
import { fuse, highest } from "./fusion.js";
import { makeHit, pagesOf } from "./hit.js";
import { openMeaning } from "./meaning.js";
import { runsOf, shareOf } from "./quoted.js";
import { openShelf } from "./shelf.js";
import { openTerms, wordsOf } from "./words.js";

const FIRST = 3; // the nearest rows scale the others, the last stand for all that are farther away
const HAN = /[\u3400-\u9fff]/; // “铲” in “3.1 铲装”

/**
 * {search(query, {top, filters, day}) → Promise of hits} over the values of the search's data
 * files; `need(keys)` gives a Promise of the values of further ones.
 */
export function openEngine(parts, need) {
  const shelf = openShelf(parts.rows);
  const s = shelf.settings;
  const { folding, tokenizer, encoder } = openText(parts.tokenizer, parts.encoder);
  const lexical = openLexical(parts.lexical, parts.terms.vocabulary, s.weights);
  const meaning = parts.vectors ? openMeaning(parts.vectors, encoder, shelf.count) : null;
  const terms = openTerms(parts.terms);
  const names = openNames(parts.names);
  const known = { settings: s, names, folding, terms: parts.terms, regions: shelf.regions };
  const documents = new Map(shelf.versions.map((v) => [v.doc.id, v.doc]));
  const byRef = new Map(shelf.versions.map((v) => [v.ref, v]));
  const listed = shelf.versions.map((v) => ({
    ref: v.ref,
    doc: v.doc.id,
    version: v.version,
    year: v.inForce ? +v.inForce.slice(0, 4) : 0,
  }));
  const trees = new Map();
  const pages = new Map(); // key → value of a page's data file

  /** Have the data files at hand that are not yet. */
  function load(keys) {
    const missing = keys.filter((key) => !pages.has(key));
    if (!missing.length) return Promise.resolve();
    return need(missing).then((values) => {
      missing.forEach((key, i) => pages.set(key, values[i]));
    });
  }

  function treeOf(ref) {
    if (!trees.has(ref)) trees.set(ref, openTree(pages.get(byRef.get(ref).data + "tree")));
    return trees.get(ref);
  }

  function textKeys(v) {
    return ["clauses", "extras"].filter((name) => v[name === "clauses" ? "loaded" : name]).map(
      (name) => v.data + name
    );
  }

  /** {text, spans, note, extra} of the clause of a row whose data files are at hand. */
  function pageOf(row) {
    const v = shelf.version(row);
    const of = (name, has) => (has ? pages.get(v.data + name) : null);
    return pagesOf(shelf.clause(row).id, {
      clauses: of("clauses", v.loaded),
      notes: of("notes", v.noted),
      extras: of("extras", v.extras),
    });
  }

  // --- clauses that the query names ----------------------------------------------------------

  function standards(asked) {
    return shelf.versions
      .filter((v, i) => v.doc.kind === "standard" && asked.allows(v.doc.id, asked.statuses[i]))
      .map((v) => v.doc.id);
  }

  /** [{row, reference, located}] of the references of a query, and what it does not get. */
  function named(understood, asked, top) {
    const { filters, day } = asked;
    const allowed = (doc) => documents.has(doc) ? asked.fits(doc) : asked.fitsUnloaded(doc);
    const statusOf = (ref) => asked.statuses[byRef.get(ref).place];
    const editions = (r) => editionsOf(r, listed, statusOf, allowed, filters.statuses);
    const refs = understood.references.map(editions);
    const trees = [].concat(
      ...understood.references.map((r, i) => (r.clause ? refs[i] : []))
    );
    return load(trees.map((ref) => byRef.get(ref).data + "tree")).then(() => {
      const found = [];
      understood.references.forEach((reference, i) => {
        refs[i].forEach((ref) => {
          const v = byRef.get(ref);
          if (!reference.clause) {
            const share = Math.max(1, Math.floor(top / refs[i].length));
            const last = Math.min(v.last, v.first + share);
            for (let row = v.first; row < last; row++) found.push({ row, reference, located: null });
            return;
          }
          locate(treeOf(ref), reference).forEach((located) => {
            const row = shelf.rowOf(v, located.clause);
            if (row !== undefined) found.push({ row, reference, located });
          });
        });
      });
      const labelOf = (ref) => asked.labelOf(byRef.get(ref));
      const notices = explain(understood, {
        names, editions, treeOf, allowed, statuses: filters.statuses, day, labelOf,
      });
      return { found, notices };
    });
  }

  // --- words and meaning ---------------------------------------------------------------------

  function nearest(text, allowed) {
    if (!meaning || !HAN.test(text)) return null; // figures and signs alone have no meaning
    const query = encoder.encode(text);
    if (!query.some((x) => x !== 0)) return null;
    const found = meaning.nearest(query, s.nearest, allowed);
    return found && Object.assign(found, { query });
  }

  /** Words and meaning in one score, exact for the rows that may become hits. */
  function mixed(scores, near, allowed, top) {
    const fused = fuse(scores, near, allowed, s);
    if (!near) return fused;
    const order = Array.from(near.rows.keys());
    const deciding = order.slice(0, FIRST).concat(order.slice(-FIRST));
    meaning.refine(near.query, near, highest(fused.total, top + s.first, 0).concat(deciding));
    return fuse(scores, near, allowed, s);
  }

  /** What the first rows gain that have the query nearly word for word. */
  function byRuns(text, fused) {
    const runs = runsOf(text, fused.quoted, folding, s);
    if (!runs.length) return Promise.resolve();
    const rows = highest(fused.total, s.first, 0);
    return load([].concat(...rows.map((row) => textKeys(shelf.version(row))))).then(() => {
      rows.forEach((row) => {
        const { text: own, extra } = pageOf(row);
        const share = shareOf(runs, own + (extra.cells || ""), folding);
        fused.total[row] += s.runs * fused.quoted * share;
      });
    });
  }

  /** No row of a replaced or repealed rule above the best row of the rule in its place. */
  function currentFirst(total, day) {
    const most = (v) => {
      let best = 0;
      for (let row = v.first; row < v.last; row++) if (total[row] > best) best = total[row];
      return best;
    };
    shelf.successors(day).forEach((later, v) => {
      const mine = most(v);
      const best = Math.max(...later.map(most));
      if (!(best > 0 && mine >= best)) return;
      const factor = Math.fround((s.below * best) / mine);
      for (let row = v.first; row < v.last; row++) total[row] *= factor;
    });
  }

  // --- searching -----------------------------------------------------------------------------

  function search(query, { top, filters: given, day }) {
    if (!query.trim()) return Promise.resolve([]);
    const asked = whatIsAsked(given, day);
    const understood = understand(query, names, folding, standards(asked));
    const allowed = shelf.allowed(day, asked.filters);
    const words = wordsOf(understood.text, tokenizer, folding, lexical, terms, s);
    const near = nearest(understood.text, allowed);
    const fused = mixed(words.scores, near, allowed, top);
    return named(understood, asked, top).then(({ found, notices }) =>
      byRuns(understood.text, fused).then(() => {
        currentFirst(fused.total, day);
        const first = new Map();
        found.forEach((one) => first.has(one.row) || first.set(one.row, one));
        const rows = Array.from(first.keys());
        const ranked = highest(fused.total, top + rows.length, 10 ** s.tie);
        const chosen = rows.concat(ranked.filter((row) => !first.has(row))).slice(0, top);
        const keys = new Set();
        chosen.forEach((row) => {
          const v = shelf.version(row);
          textKeys(v).forEach((key) => keys.add(key));
          if (v.noted) keys.add(v.data + "notes");
        });
        return load(Array.from(keys)).then(() =>
          chosen.map((row, i) => {
            const at = near && near.rows.get(row);
            const said = at ? meaning.said(row, at[1]) : -1;
            const one = { row, named: first.get(row), words, fused, said, day, notices };
            return Object.assign({ rank: i + 1 }, makeHit(one, pageOf(row), shelf, tokenizer));
          })
        );
      })
    );
  }

  function whatIsAsked(given, day) {
    const filters = readFilters(given || {}, known);
    const fits = (doc) => allowsDocument(filters, documents.get(doc));
    return {
      filters,
      day,
      statuses: shelf.statuses(day),
      fits,
      fitsUnloaded: (doc) => allowsDocument(filters, names.documents.get(doc)),
      allows: (doc, status) => fits(doc) && (filters.statuses || s.default).includes(status),
      labelOf: (v) => shelf.labelOf(v, day),
    };
  }

  return { search };
}
