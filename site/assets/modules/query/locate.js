// From a reference to the units of a version that it names: kb.query.locate over a tree of ids.

/**
 * A tree of part("<page>tree"), to look up: units in order as {id, parent (place or -1), holds,
 * hit, table (its label, or null)}, and `place` of an id.
 */
export function openTree(data) {
  const units = [];
  const place = new Map();
  const below = [];
  data.ids.forEach((short, i) => {
    const parent = data.up[i] ? i - data.up[i] : -1;
    const id = short[0] === "+" ? units[parent].id + short.slice(1) : short;
    const kind = data.kinds[i];
    const table = kind === "t" || kind === "T" ? data.tables[i] || "" : null;
    units.push({ id, parent, holds: kind === "c" || kind === "C", hit: kind < "a", table });
    place.set(id, i);
    below.push([]);
    if (parent >= 0) below[parent].push(i);
  });
  return { units, place, below };
}

/**
 * The hits that a reference with a clause names: [{clause, unit, note}]; [] if there is none.
 *
 * A number that the source repeats gives all of them; a chapter or a range gives every hit in it.
 */
export function locate(tree, reference) {
  const ids = idsOf(tree, reference.clause);
  if (reference.until && ids.length) {
    const ends = idsOf(tree, reference.until);
    const last = ends.length ? ends[ends.length - 1] : lastBefore(tree, reference.until);
    return through(tree, ids[0], last).map(alone);
  }
  const out = [];
  ids.forEach((id) => {
    let unit = tree.units[tree.place.get(id)];
    while (unit && !unit.hit && unit.parent >= 0 && !unit.holds) unit = tree.units[unit.parent];
    if (!unit.hit) {
      through(tree, id, id).forEach((x) => out.push(alone(x)));
    } else if (!reference.parts.length) {
      out.push({ clause: unit.id, unit: id, note: "" });
    } else {
      const found = partsNamed(tree, unit, id, reference.parts);
      const note = found.length ? "条内不止一款有这一项" : "条内没有这一款、项";
      if (found.length === 1) out.push({ clause: unit.id, unit: found[0], note: "" });
      else out.push({ clause: unit.id, unit: unit.id, note });
    }
  });
  return out;
}

const alone = (id) => ({ clause: id, unit: id, note: "" });
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\~-]/g, "\\$&");

function partsNamed(tree, unit, id, parts) {
  // an item whose 款 the query leaves out lies in the one 款 that has it
  const steps = parts.map((p) => "\\." + escaped(p)).join("");
  const wanted = new RegExp("^" + escaped(id) + "(?:\\.p[0-9]+)?" + steps + "$");
  const out = [];
  const walk = (at) =>
    tree.below[at].forEach((child) => {
      if (wanted.test(tree.units[child].id)) out.push(tree.units[child].id);
      walk(child);
    });
  walk(tree.place.get(unit.id));
  return out;
}

// the last article before one that is not there (第118条至第125条 of 119), "" for others
function lastBefore(tree, until) {
  const m = /^art-([0-9]+)/.exec(until);
  if (!m) return "";
  let best = [-1, ""];
  tree.units.forEach((u) => {
    const plain = /^art-([0-9]+)(?:-[0-9]+)?$/.exec(u.id);
    if (!plain || +plain[1] > +m[1]) return;
    if (+plain[1] > best[0] || (+plain[1] === best[0] && u.id > best[1])) best = [+plain[1], u.id];
  });
  return best[1];
}

// hits from a unit to the end of another, in order; of the first alone if the last is none
function through(tree, first, last) {
  let low = tree.place.get(first);
  let high = tree.place.has(last) ? tree.place.get(last) : low;
  if (high < low) [low, high] = [high, low];
  const inside = new Set([high]);
  while (high + 1 < tree.units.length && inside.has(tree.units[high + 1].parent)) {
    high++;
    inside.add(high);
  }
  return tree.units.slice(low, high + 1).filter((u) => u.hit).map((u) => u.id);
}

function idsOf(tree, clause) {
  let found = repeated(tree, clause);
  if (found.length) return found;
  // 第四条 of an amending act (刑法修正案) is its 四、
  if (clause.startsWith("art-")) return repeated(tree, clause.replace("art-", "item-"));
  if (clause.startsWith("t:")) {
    const label = "表" + clause.slice(2);
    const tables = tree.units.filter((u) => u.table !== null);
    return tables.filter((u) => u.table.replace(/\s+/g, "").toUpperCase() === label).map((u) => u.id);
  }
  if (clause.startsWith("ch-") || clause.startsWith("part-")) {
    // 第5章 of a standard is its 5; 第2章 of a law with 编 is that of each 编
    const whole = clause.startsWith("ch-") ? clause.slice(3) : clause;
    found = /^[0-9]+$/.test(whole) ? repeated(tree, whole) : [];
    if (found.length) return found;
    return tree.units.filter((u) => u.id.endsWith("." + clause)).map((u) => u.id);
  }
  return [];
}

function repeated(tree, clause) {
  const out = [];
  for (let n = 1, id = clause; tree.place.has(id); n++, id = clause + "~" + n) out.push(id);
  return out;
}
