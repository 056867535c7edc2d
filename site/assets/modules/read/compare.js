// The page of two versions: 只看有改动的.
import { el } from "../core/dom.js";

/** The switch above the pairs of a comparison. */
export function wireCompare() {
  const pairs = document.querySelector("[data-kb-compare]");
  if (!pairs || !pairs.querySelector('[data-change="same"]')) return;
  const box = el("input", { type: "checkbox" });
  box.addEventListener("change", () => pairs.classList.toggle("kb-only-changes", box.checked));
  pairs.before(el("p", { class: "kb-act kb-cmp-tools" }, [el("label", {}, [box, "只看有改动的"])]));
}
