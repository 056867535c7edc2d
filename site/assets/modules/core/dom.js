// Elements and messages. Text goes into the page as text, never as HTML.

/**
 * An element. `attrs` whose value is false, null or undefined are left out; true gives an empty
 * attribute; functions named on… become listeners. `children` are nodes or strings.
 */
export function el(tag, attrs, children) {
  const node = document.createElement(tag);
  Object.keys(attrs || {}).forEach((k) => {
    const v = attrs[k];
    if (v === false || v === null || v === undefined) return;
    if (typeof v === "function") node.addEventListener(k.slice(2), v);
    else node.setAttribute(k, v === true ? "" : v);
  });
  (children || []).forEach((c) => {
    if (c !== null && c !== undefined && c !== false) node.append(c);
  });
  return node;
}

/** Replace everything in a node. */
export function fill(node, children) {
  node.textContent = "";
  children.forEach((c) => {
    if (c !== null && c !== undefined && c !== false) node.append(c);
  });
  return node;
}

/** Run when the page has been read; at once where it has. */
export function ready(run) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", run);
  else run();
}

/** Tell screen readers, without moving anything. */
export function announce(text) {
  let live = document.getElementById("kb-live");
  if (!live) {
    live = el("div", { id: "kb-live", role: "status", "aria-live": "polite", class: "kb-live" });
    document.body.append(live);
  }
  live.textContent = text;
}

let toastTimer = 0;
const toasts = [];

/** A short message at the foot of the page, for everybody; it goes by itself. */
export function toast(text) {
  announce(text);
  let box = toasts[0];
  if (!box) {
    box = el("div", { class: "kb-toast", "aria-hidden": "true" });
    toasts.push(box);
    document.body.append(box);
  }
  box.textContent = text;
  box.classList.add("kb-on");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove("kb-on"), 2600);
}

/** Offer bytes or text as a file, without a server. */
export function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
