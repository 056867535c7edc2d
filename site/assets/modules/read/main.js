// Reading: status, previews, notes, what can be done with a clause, printing.
import { el } from "../core/dom.js";
import { wireActions } from "./actions.js";
import { wireAloud } from "./aloud.js";
import { wireCompare } from "./compare.js";
import { wireFilters } from "./filters.js";
import { wireKeys } from "./keys.js";
import { wireNear } from "./near.js";
import { notesSwitch, wireNotesAlone } from "./notes.js";
import { wirePreviews } from "./preview.js";
import { wirePrint } from "./print.js";
import { chooseButton } from "./select.js";
import { wireStatus } from "./status.js";

/** The buttons of the whole page, under the facts of the document. */
function wireTools() {
  const head = document.querySelector("[data-kb-ref]");
  if (!head) return;
  const print = el("button", { type: "button", onclick: () => window.print() }, ["打印本页"]);
  const tools = [notesSwitch(), chooseButton(), print].filter(Boolean);
  const bar = el("div", { class: "kb-act kb-tools", role: "group", "aria-label": "本页" }, tools);
  head.append(bar);
}

/** Everything that the pages of texts and lists do. */
export function wireRead() {
  wireStatus();
  wireFilters();
  wirePreviews();
  wireNear();
  wireAloud();
  wireActions();
  wirePrint();
  wireTools();
  wireCompare();
  wireNotesAlone();
  wireKeys();
}
