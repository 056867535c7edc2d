// The service worker of a served site: what was read stays readable without network.
// Pages: the network first, so that a new version is seen at once, else what is kept. Everything
// else carries the version in its address (?v=), so that what is kept is right as long as it fits.
"use strict";

const ROOT = new URL("./", self.location.href).href;
// other sites of the same origin have caches too: a name begins with the site's own address
const MINE = ROOT + "@cache@".replace(/[^/]*$/, "");
const CACHE = ROOT + "@cache@";
const VERSION = "@version@";
const SHELL = ["./", "search/", "assets/kb/kb.css"];

self.addEventListener("install", (e) => {
  // past the browser's own cache, which may still hold an older version of these addresses
  const fresh = SHELL.map((p) => new Request(new URL(p, ROOT).href, { cache: "reload" }));
  e.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(fresh))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (e) => {
  e.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((n) => n.startsWith(MINE) && n !== CACHE).map((n) => caches.delete(n)))
      )
      .then(() => self.clients.claim())
  );
});

// a full disk, or a browser that keeps nothing, must not cost the reader the page
async function keep(plain, answer) {
  try {
    const cache = await caches.open(CACHE);
    await cache.put(plain, answer);
  } catch (e) {
    /* it is read from the network again */
  }
}

async function kept(plain) {
  try {
    const cache = await caches.open(CACHE);
    return await cache.match(plain);
  } catch (e) {
    return undefined;
  }
}

async function fromNetwork(e, plain) {
  const answer = await fetch(e.request);
  // a redirected answer could not be given to a page later
  if (answer.ok && answer.type === "basic" && !answer.redirected) e.waitUntil(keep(plain, answer.clone()));
  return answer;
}

async function answerFor(e) {
  const url = new URL(e.request.url);
  const page = e.request.mode === "navigate";
  // a file of another version belongs to a page that is newer than this worker: not kept
  const v = url.searchParams.get("v");
  if (!page && v && v !== VERSION) return fetch(e.request);
  // one copy of a page, whatever ?q= it was opened with
  url.search = "";
  url.hash = "";
  const plain = url.href;
  if (!page) return (await kept(plain)) || fromNetwork(e, plain);
  try {
    return await fromNetwork(e, plain);
  } catch (failed) {
    const found = (await kept(plain)) || (await kept(plain.replace(/index\.html$/, "")));
    if (found) return found;
    throw failed;
  }
}

self.addEventListener("fetch", (e) => {
  const { method, url, cache, mode } = e.request;
  if (method !== "GET" || !url.startsWith(ROOT)) return;
  // 把全站存到这台设备 asks the server itself: an older worker must not answer for it
  if (cache === "reload" && mode !== "navigate") return;
  e.respondWith(answerFor(e));
});
