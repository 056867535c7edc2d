// The rows of the index: which version and clause each is, what holds of it on a day, which of them
// a search may return. The value of assets/kb/s/rows, opened.
import { spanOn } from "../core/dates.js";
import { allowsDocument, allowsStatus, askedOfNotes } from "./filters.js";
import { unpack } from "./ints.js";

/**
 * {count, versions, settings, regions, statuses(day), allowed(day, filters), successors(day),
 * labelOf(version, day), version(row), clause(row), rowOf(version, clause)}.
 *
 * A version has `place` among the versions and its rows from `first` up to `last`.
 */
export function openShelf(data) {
  const s = data.settings;
  const versions = [];
  let count = 0;
  data.versions.forEach((v, place) => {
    const clauses = v.clauses.split("\n");
    const last = count + clauses.length;
    versions.push(Object.assign({}, v, { place, clauses, first: count, last, held: {} }));
    count = last;
  });
  const placeOf = new Uint16Array(count);
  versions.forEach((v) => placeOf.fill(v.place, v.first, v.last));
  const byDay = new Map();
  const masks = new Map();

  // what is only looked at for hits is taken apart when the first one comes
  function held(v) {
    if (!v.held.names) {
      v.held.names = v.names.split("\n");
      v.held.places = unpack(v.places);
      v.held.rows = new Map(v.clauses.map((id, i) => [id, v.first + i]));
    }
    return v.held;
  }

  /** Status of each version on a day. */
  function statuses(day) {
    if (!byDay.has(day)) {
      byDay.set(day, { statuses: versions.map((v) => spanOn(v.spans, day)[1]) });
    }
    return byDay.get(day).statuses;
  }

  /** 1 for each row that a search may return on a day. */
  function allowed(day, filters) {
    const key = day + JSON.stringify(filters);
    if (!masks.has(key)) {
      const mask = new Uint8Array(count);
      const status = statuses(day);
      versions.forEach((v, i) => {
        const fits = allowsDocument(filters, v.doc) && allowsStatus(filters, status[i], s);
        if (fits) mask.fill(1, v.first, v.last);
      });
      const asked = askedOfNotes(filters);
      if (asked.length) {
        const noted = notedRows(data.facets, asked, count);
        for (let i = 0; i < count; i++) mask[i] &= noted[i];
      }
      if (masks.size > 50) masks.clear();
      masks.set(key, mask);
    }
    return masks.get(key);
  }

  /** Map of each version that no longer holds → those in force in its place. */
  function successors(day) {
    const status = statuses(day);
    const found = byDay.get(day);
    if (!found.successors) {
      const current = new Map();
      const later = new Map();
      versions.forEach((v, i) => {
        if (s.current.includes(status[i])) add(current, v.doc.id, v);
        v.supersedes.forEach((old) => add(later, old, v.doc.id));
      });
      found.successors = new Map();
      versions.forEach((v, i) => {
        if (!s.gone.includes(status[i])) return;
        const docs = new Set([v.doc.id].concat(later.get(v.doc.id) || []));
        const now = [].concat(...Array.from(docs, (doc) => current.get(doc) || []));
        if (now.length) found.successors.set(v, now);
      });
    }
    return found.successors;
  }

  return {
    count,
    versions,
    settings: s,
    regions: data.regions,
    statuses,
    allowed,
    successors,
    version: (row) => versions[placeOf[row]],

    /** [status, label] of a version on a day. */
    labelOf: (v, day) => spanOn(v.spans, day).slice(1),

    /** {id, name, cited, path}: what a row's clause is called and the titles above it. */
    clause(row) {
      const v = versions[placeOf[row]];
      const at = row - v.first;
      const [name, cited] = held(v).names[at].split("\t");
      return {
        id: v.clauses[at],
        name,
        cited: cited === undefined ? name : cited,
        path: v.paths[held(v).places[at]],
      };
    },

    /** The row of a clause of a version; undefined where it is none. */
    rowOf: (v, clause) => held(v).rows.get(clause),
  };
}

function add(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

// rows whose note says what is asked for: of one kind any value, of several kinds each
function notedRows(facets, asked, count) {
  const rows = unpack(facets.rows.places);
  const out = new Uint8Array(count);
  rows.forEach((row) => {
    out[row] = 1;
  });
  asked.forEach(([name, values]) => {
    const facet = facets[name];
    const wanted = new Set(values.map((v) => facet.values.indexOf(v)));
    const places = unpack(facet.places);
    let at = 0;
    unpack(facet.counts).forEach((n, i) => {
      let any = false;
      for (const end = at + n; at < end; at++) any = any || wanted.has(places[at]);
      if (!any) out[rows[i]] = 0;
    });
  });
  return out;
}
