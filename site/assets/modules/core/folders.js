// From a disk no server adds index.html to a folder: links are led there just before they are used.
import { ON_DISK, ROOT } from "./site.js";

/** `…/docs/x/#art-1` → `…/docs/x/index.html#art-1`; null where nothing is to be done. */
export function withIndex(href) {
  if (!href.startsWith(ROOT)) return null;
  const m = /^([^?#]*\/)([?#].*)?$/.exec(href);
  return m ? m[1] + "index.html" + (m[2] || "") : null;
}

/** Watch every link and form of the page; does nothing where there is a server. */
export function wireFolders() {
  if (!ON_DISK) return;
  const lead = (e) => {
    const link = e.target.closest && e.target.closest("a[href]");
    const href = link && withIndex(link.href);
    if (href) link.href = href;
  };
  ["pointerdown", "focusin", "click", "auxclick", "contextmenu"].forEach((name) => {
    document.addEventListener(name, lead, true);
  });
  document.addEventListener(
    "submit",
    (e) => {
      const action = e.target.getAttribute("action") && withIndex(e.target.action);
      if (action) e.target.action = action;
    },
    true
  );
}
