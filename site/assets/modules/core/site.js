// Where the site is, its addresses, and its data files.
//
// A data file is a script that calls kbPart(key, value): it loads alike from a server and from
// file://, where fetch does not. assets/kb/boot.js defines kbPart and holds what has come.

const kb = window.kb;

/** Address of the site's root, with a slash at its end. */
export const ROOT = kb.root;

/** Whether the site was opened from a disk. */
export const ON_DISK = location.protocol === "file:";

/**
 * Absolute address of a page or file of the site: `docs/x/#art-1`, `catalog/`, `assets/kb/a.css`.
 * From a disk no server adds index.html to a folder.
 */
export function pageUrl(path) {
  const m = /^([^?#]*)(.*)$/.exec(path);
  const file = ON_DISK && (m[1] === "" || m[1].endsWith("/")) ? m[1] + "index.html" : m[1];
  return ROOT + file + m[2];
}

/** Where a page is published; empty where the site was built without its address. */
export function publishedUrl(path) {
  const meta = document.querySelector('meta[name="kb-site-url"]');
  return meta && /^https?:\/\//.test(meta.content) ? new URL(path, meta.content).href : "";
}

/** Path of an address inside the site, without index.html: `docs/x/`; null for any other. */
export function sitePath(url) {
  const href = new URL(url, location.href).href;
  if (!href.startsWith(ROOT)) return null;
  return href.slice(ROOT.length).replace(/[?#].*$/, "").replace(/(^|\/)index\.html$/, "$1");
}

/** {doc, version, clause} of `doc@2021-06-10#art-25`; what is left out is empty. */
export function parseRef(id) {
  const m = /^([^@#]*)(?:@([^#]*))?(?:#(.*))?$/.exec(id);
  return { doc: m[1], version: m[2] || "", clause: m[3] || "" };
}

/**
 * The value of a data file, loaded once: part("docs/x/clauses") reads docs/x/clauses.js.
 * Rejects with an Error whose message names the file in Chinese; a later call tries again.
 */
export function part(key) {
  const held = kb.parts[key];
  if (held) return held.promise;
  const entry = {};
  kb.parts[key] = entry;
  entry.promise = new Promise((resolve, reject) => {
    const fail = () => {
      delete kb.parts[key];
      script.remove();
      reject(new Error("读不到 " + key + ".js"));
    };
    entry.resolve = resolve;
    const script = document.createElement("script");
    script.src = ROOT + key + ".js" + (kb.version && !ON_DISK ? "?v=" + kb.version : "");
    script.async = true;
    script.onerror = fail;
    script.onload = () => (entry.done ? script.remove() : fail());
    document.head.append(script);
  });
  return entry.promise;
}

/** Every loaded version and each catalog entry: {documents: [{ref, id, version, title, page, …}]}. */
export const documents = () => part("assets/kb/documents");
