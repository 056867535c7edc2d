// What the reader keeps in this browser: one adapter for all of it.
//
// Keys are short names (`basket`, `drill`); values are JSON. Some browsers keep a store for each
// file of file://, some switch it off, and any may be full: then the value is held for this tab, or
// for this page where even that fails, `lost()` says so, and the reader is offered a file. What was
// stored before stays as it was: nothing is overwritten by a failure.

const PREFIX = "kb:";
const memory = new Map();
const asked = new Set();
const listeners = [];

function area(name) {
  try {
    return window[name];
  } catch (e) {
    return null; // switched off
  }
}

const disk = () => area("localStorage");
const tab = () => area("sessionStorage");

function read(store, key) {
  try {
    return store ? store.getItem(PREFIX + key) : null;
  } catch (e) {
    return null;
  }
}

function write(store, key, text) {
  try {
    store.setItem(PREFIX + key, text);
    return true;
  } catch (e) {
    return false; // full, or no store
  }
}

function erase(store, key) {
  try {
    store.removeItem(PREFIX + key);
  } catch (e) {
    /* no store: nothing to erase */
  }
}

/** Our keys in a store, without their prefix. */
function keysOf(store) {
  try {
    return Object.keys(store)
      .filter((k) => k.startsWith(PREFIX))
      .map((k) => k.slice(PREFIX.length));
  } catch (e) {
    return [];
  }
}

function held(key) {
  if (memory.has(key)) return memory.get(key);
  const own = read(tab(), key);
  return own === null ? read(disk(), key) : own;
}

/** The value of a key, or `fallback` where there is none or it is no JSON. */
export function load(key, fallback) {
  asked.add(key);
  try {
    const text = held(key);
    const value = text === null ? null : JSON.parse(text);
    return value === null ? fallback : value;
  } catch (e) {
    return fallback;
  }
}

const tell = (key) => listeners.forEach((run) => run(key));

/** Keep a value; false when it is only held for this tab or page (full or switched off). */
export function save(key, value) {
  const text = JSON.stringify(value);
  const kept = write(disk(), key, text);
  const forTab = !kept && write(tab(), key, text);
  if (!forTab) erase(tab(), key);
  if (kept || forTab) memory.delete(key);
  else memory.set(key, text);
  tell(key);
  return kept;
}

/** Keep nothing of a key any more. */
export function drop(key) {
  memory.delete(key);
  erase(tab(), key);
  erase(disk(), key);
  tell(key);
}

/** Keys whose newest value is not stored: held for this tab or page only. */
export const lost = () => Array.from(new Set(keysOf(tab()).concat(Array.from(memory.keys()))));

/** Those of them that the next page will not find either. */
export const lostHere = () => Array.from(memory.keys());

/** Whether this browser stores anything at all now; false also where it is full to the last. */
export function works() {
  const ok = write(disk(), "probe", "1");
  erase(disk(), "probe");
  return ok;
}

/** Call `run(key)` after every change here, and after one in another tab or on a later page. */
export function onChange(run) {
  listeners.push(run);
  if (listeners.length > 1) return;
  window.addEventListener("storage", (e) => {
    if (e.key && !e.key.startsWith(PREFIX)) return;
    if (e.key) tell(e.key.slice(PREFIX.length));
    else asked.forEach(tell); // another tab cleared everything
  });
  // a page that comes back as it was left has missed what was kept meanwhile
  window.addEventListener("pageshow", (e) => {
    if (e.persisted) asked.forEach(tell);
  });
}

/** Everything that is kept, for a file: {kind, version, values: {key: value}}. */
export function exportAll() {
  const values = {};
  const keys = new Set(keysOf(disk()).concat(lost()));
  keys.forEach((key) => {
    const value = load(key, null);
    if (value !== null) values[key] = value;
  });
  return { kind: "anguiku-store", version: 1, values };
}
