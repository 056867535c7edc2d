// Keeping: the basket and its buttons, the page 我的, pasted texts, and what could not be stored.
import { showAddress } from "../core/address.js";
import { toast } from "../core/dom.js";
import { ON_DISK, pageUrl } from "../core/site.js";
import { onChange } from "../core/store.js";
import { wireBar } from "./bar.js";
import { BASKET, MOST, add, entries, has, paintButton, remove } from "./basket.js";
import { wireBasketPage } from "./basket_page.js";
import { resolveAll } from "./clauses.js";
import { wireDataPage } from "./data_page.js";
import { wirePaste, wirePastedPage } from "./paste.js";

const TAKE = "#take=";
const MOST_TAKEN = 200;

function paintAll() {
  const list = entries();
  const ids = new Set(list.map((e) => e.id));
  document.querySelectorAll("button.kb-keep").forEach((b) => paintButton(b, ids.has(b.dataset.id)));
  document.querySelectorAll(".kb-basket").forEach((link) => {
    const count = link.querySelector(".kb-basket-n");
    if (count) count.textContent = list.length ? String(list.length) : "";
    link.setAttribute("aria-label", list.length ? "我的篮子，" + list.length + " 条" : "我的篮子");
  });
}

function onKeep(button) {
  const id = button.dataset.id;
  if (has(id)) {
    remove(id);
    toast("已从篮子拿出");
  } else if (add(id)) toast("已加入篮子");
  else toast("篮子满了（" + MOST + " 条），没有加入。请先导出并清空一部分");
}

/** From a disk the next page may have a store of its own: the link takes the basket along. */
function takeAlong(link) {
  const ids = entries().slice(0, MOST_TAKEN).map((e) => e.id);
  link.href = pageUrl("mine/") + (ids.length ? TAKE + encodeURIComponent(ids.join(" ")) : "");
}

/** What came along in the address; only from a disk, where no other site can send a reader here. */
function takeIn() {
  if (!ON_DISK || !location.hash.startsWith(TAKE)) return;
  let ids = [];
  try {
    ids = decodeURIComponent(location.hash.slice(TAKE.length)).split(" ").slice(0, MOST_TAKEN);
  } catch (e) {
    /* not ours */
  }
  showAddress(location.pathname, false);
  const fresh = ids.filter((id) => !has(id) && add(id));
  if (fresh.length) toast("从上一页带来 " + fresh.length + " 条");
}

/** Keeping: the basket, exports, pasted texts. */
export function wireKeep() {
  document.addEventListener("click", (e) => {
    const button = e.target.closest && e.target.closest("button.kb-keep");
    if (button) onKeep(button);
    const link = ON_DISK && e.target.closest && e.target.closest("a.kb-basket");
    if (link) takeAlong(link);
  });
  onChange((key) => {
    if (key === BASKET) paintAll();
  });
  takeIn();
  paintAll();
  wireBar();
  wirePaste();
  document.querySelectorAll("[data-kb-basket]").forEach(wireBasketPage);
  document.querySelectorAll("[data-kb-pasted]").forEach((box) => wirePastedPage(box, resolveAll));
  document.querySelectorAll("[data-kb-data]").forEach(wireDataPage);
}
