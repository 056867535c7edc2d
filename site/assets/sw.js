// The service worker of a served site: what was read stays readable without network.
// Pages: the network first, so that a new version is seen at once, else what is kept. Everything
// else carries the version in its address (?v=), so that what is kept is right as long as it fits.
"use strict";

const CACHE = "@cache@";
const VERSION = "@version@";
const ROOT = new URL("./", self.location.href).href;
const SHELL = ["./", "search/", "assets/kb/kb.css"];

self.addEventListener("install", (e) => {
  e.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL.map((p) => new URL(p, ROOT).href)))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (e) => {
  const mine = CACHE.replace(/[^/]*$/, "");
  e.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((n) => n.startsWith(mine) && n !== CACHE).map((n) => caches.delete(n)))
      )
      .then(() => self.clients.claim())
  );
});

async function fromNetwork(request, plain) {
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") {
    const copy = answer.clone();
    const cache = await caches.open(CACHE);
    // a full disk must not cost the reader the page
    await cache.put(plain, copy).catch(() => undefined);
  }
  return answer;
}

async function answerFor(request) {
  const url = new URL(request.url);
  const page = request.mode === "navigate";
  // a file of another version belongs to a page that is newer than this worker: not kept
  const v = url.searchParams.get("v");
  if (!page && v && v !== VERSION) return fetch(request);
  // one copy of a page, whatever ?q= it was opened with
  url.search = "";
  url.hash = "";
  const plain = url.href;
  const cache = await caches.open(CACHE);
  if (!page) {
    const kept = await cache.match(plain);
    if (kept) return kept;
    return fromNetwork(request, plain);
  }
  try {
    return await fromNetwork(request, plain);
  } catch (e) {
    const kept = (await cache.match(plain)) || (await cache.match(plain.replace(/index\.html$/, "")));
    if (kept) return kept;
    throw e;
  }
}

self.addEventListener("fetch", (e) => {
  const url = e.request.url;
  if (e.request.method !== "GET" || !url.startsWith(ROOT)) return;
  e.respondWith(answerFor(e.request));
});
