// Where the site is served: pages that were read stay readable without network, and on request all
// of them. From a disk everything is there already.
import { el, announce } from "./dom.js";
import { ON_DISK, ROOT, part } from "./site.js";

const AT_ONCE = 6;

function workers() {
  return !ON_DISK && window.isSecureContext && navigator.serviceWorker;
}

/** Start the service worker, where the browser has them. */
export function wireOffline() {
  if (!workers()) return;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register(ROOT + "sw.js").catch(() => {
      /* refused (a private window): the site works as before */
    });
  });
  document.querySelectorAll("[data-kb-save-all]").forEach(offerAll);
}

// --- the whole site on this device --------------------------------------------------------------

function offerAll(box) {
  const says = el("span", { role: "status" });
  const button = el("button", { type: "button", class: "kb-button" }, ["把全站存到这台设备"]);
  button.addEventListener("click", () => {
    button.disabled = true;
    saveAll((text) => {
      says.textContent = text;
    }).then(
      (text) => {
        says.textContent = text;
        announce(text);
        button.disabled = false;
      },
      () => {
        says.textContent = "没有存全：网络断了，或这台设备的空间不够。可以再按一次，已存下的不会重来。";
        button.disabled = false;
      }
    );
  });
  box.append(button, " ", says);
}

async function saveAll(tell) {
  const facts = await part("assets/kb/files");
  await navigator.serviceWorker.ready;
  const name = ROOT + facts.cache; // as sw.js names it
  // the worker makes it before it serves: without it this page is older than the worker
  if (!(await caches.has(name))) return "网站刚更新过，请刷新这一页再按一次。";
  const cache = await caches.open(name);
  const held = new Set((await cache.keys()).map((r) => r.url));
  const wanted = facts.files.map((f) => ROOT + f).filter((url) => !held.has(url));
  let done = facts.files.length - wanted.length;
  const next = async () => {
    for (let url = wanted.pop(); url; url = wanted.pop()) {
      // from the server: the browser's own cache and an older worker may hold an older text
      await cache.add(new Request(url, { cache: "reload" }));
      done++;
      if (done % 20 === 0) tell("已存 " + done + " / " + facts.files.length + " 个文件……");
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return "全站 " + facts.files.length + " 个文件都存好了，没有网络也能打开和检索。";
}
