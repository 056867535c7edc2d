// What the data of a page says under an id.

/** A table is a part of its clause: 5.2.1.1.t1, m-s2-k1-t1. */
const TABLE = /[.-]t\d+(?:~\d+)?$/;

/**
 * A clause, a part of one, or a heading in the data of a page (docs/…/clauses): {name, text,
 * tables}, null where it has none; a table is [start, end] in the text.
 */
export function unitIn(data, id) {
  const own = (map) => (Object.prototype.hasOwnProperty.call(map, id) ? map[id] : null);
  const cut = (hit, start, end) => ({
    name: hit[0], text: hit[1].slice(start, end),
    tables: hit[3]
      .filter((p) => TABLE.test(p[0]) && p[1] >= start && p[2] <= end)
      .map((p) => [p[1] - start, p[2] - start]),
  });
  const hit = own(data.units);
  if (hit) return cut(hit, 0, hit[1].length);
  const head = own(data.heads);
  if (head) return { name: head[0], text: head[1], tables: [] };
  const keys = Object.keys(data.units);
  for (let i = 0; i < keys.length; i++) {
    const whole = data.units[keys[i]];
    const piece = whole[3].find((p) => p[0] === id);
    if (piece) return Object.assign(cut(whole, piece[1], piece[2]), { name: whole[0] + piece[3] });
  }
  return null;
}
