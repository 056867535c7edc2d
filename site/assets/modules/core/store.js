// What the reader keeps in this browser: one adapter for all of it.
//
// Keys are short names (`basket`, `drill`); values are JSON. Some browsers keep a store for each
// file of file://, some switch it off, and any may be full: then the value stays in memory for this
// page, `lost()` says so, and the reader is offered a file. Nothing is overwritten by a failure.

const PREFIX = "kb:";
const memory = new Map();
const failed = new Set();
const listeners = [];

function area() {
  try {
    return window.localStorage;
  } catch (e) {
    return null; // switched off
  }
}

function held(key) {
  if (memory.has(key)) return memory.get(key);
  const store = area();
  return store ? store.getItem(PREFIX + key) : null;
}

/** The value of a key, or `fallback` where there is none or it is no JSON. */
export function load(key, fallback) {
  try {
    const text = held(key);
    const value = text === null || text === undefined ? null : JSON.parse(text);
    return value === null ? fallback : value;
  } catch (e) {
    return fallback;
  }
}

/** Keep a value; false when it is only held for this page (full or switched off). */
export function save(key, value) {
  const text = JSON.stringify(value);
  try {
    const store = area();
    if (!store) throw new Error("no store");
    store.setItem(PREFIX + key, text);
    memory.delete(key);
    failed.delete(key);
  } catch (e) {
    memory.set(key, text);
    failed.add(key);
  }
  listeners.forEach((run) => run(key));
  return !failed.has(key);
}

/** Keys that are held for this page only. */
export const lost = () => Array.from(failed);

/** Call `run(key)` after every change here, and after a change in another tab. */
export function onChange(run) {
  listeners.push(run);
  if (listeners.length > 1) return;
  window.addEventListener("storage", (e) => {
    if (e.key && e.key.startsWith(PREFIX)) listeners.forEach((f) => f(e.key.slice(PREFIX.length)));
  });
}

/** Everything that is kept, for a file: {kind, version, values: {key: value}}. */
export function exportAll() {
  const values = {};
  const store = area();
  for (let i = 0; store && i < store.length; i++) {
    const key = store.key(i);
    if (key.startsWith(PREFIX)) values[key.slice(PREFIX.length)] = load(key.slice(PREFIX.length), null);
  }
  memory.forEach((_, key) => {
    values[key] = load(key, null);
  });
  return { kind: "anguiku-store", version: 1, values };
}
