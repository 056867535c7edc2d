// The helpers that the theme's own script expects, and the choice of light or dark before paint.
// Runs in the head, so it may only look at its own address, the browser's store and <html>.
(function () {
  "use strict";
  // at once, not when the theme's script has loaded: what only scripts need must not jump in
  document.documentElement.classList.remove("no-js");
  var here = document.currentScript.src;
  // assets/kb/boot.js -> the root of the site, wherever the site is published
  var root = new URL("../../", here);
  window.__md_scope = root;
  window.__md_hash = function (text) {
    var sum = 0;
    for (var i = 0; i < text.length; i++) sum = ((sum << 5) - sum + text.charCodeAt(i)) | 0;
    return sum;
  };
  window.__md_get = function (key, store, scope) {
    try {
      return JSON.parse((store || localStorage).getItem((scope || root).pathname + "." + key));
    } catch (e) {
      return null; // storage is switched off, or holds something else
    }
  };
  window.__md_set = function (key, value, store, scope) {
    try {
      (store || localStorage).setItem((scope || root).pathname + "." + key, JSON.stringify(value));
    } catch (e) {
      /* full or switched off: the choice lasts for this page only */
    }
  };
  // data files call kbPart(key, value); core/site.js asks for them
  var parts = {};
  window.kb = { root: root.href, version: new URL(here).searchParams.get("v") || "", parts: parts };
  window.kbPart = function (key, value) {
    var entry = parts[key] || (parts[key] = { promise: Promise.resolve(value) });
    entry.done = true;
    if (entry.resolve) entry.resolve(value);
  };
})();
