// The clipboard, with the old way where the page is no secure context (file://, plain http).
import { el } from "./dom.js";

function legacyCopy(text) {
  const area = el("textarea", { readonly: "", "aria-hidden": "true", class: "kb-live" });
  area.value = text;
  document.body.append(area);
  area.select();
  let ok = false;
  try {
    ok = document.execCommand("copy");
  } catch (e) {
    ok = false;
  }
  area.remove();
  return ok;
}

/** Put a text on the clipboard; rejects where the browser refuses. */
export function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text).catch(() => {
      if (!legacyCopy(text)) throw new Error("copy");
    });
  }
  return legacyCopy(text) ? Promise.resolve() : Promise.reject(new Error("copy"));
}
