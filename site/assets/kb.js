// The search page's own script is loaded when somebody searches.
(function () {
  "use strict";

  var ROOT = window.kb.root;
  var pad = function (n) {
    return (n < 10 ? "0" : "") + n;
  };
  var d = new Date();
  var today = d.getFullYear() + "-" + pad(d.getMonth() + 1) + "-" + pad(d.getDate());

  function el(tag, attrs, children) {
    var node = document.createElement(tag);
    Object.keys(attrs || {}).forEach(function (k) {
      node.setAttribute(k, attrs[k]);
    });
    (children || []).forEach(function (c) {
      node.append(c);
    });
    return node;
  }

  function spanOn(spans, day) {
    for (var i = spans.length - 1; i >= 0; i--) {
      if (!spans[i][0] || spans[i][0] <= day) return spans[i];
    }
    return null;
  }

  function announce(text) {
    var live = document.getElementById("kb-live");
    if (!live) {
      live = el("div", { id: "kb-live", role: "status", "aria-live": "polite", class: "kb-live" });
      document.body.append(live);
    }
    live.textContent = text;
  }

  var loaded = {};
  function getJson(url) {
    if (!loaded[url]) {
      loaded[url] = fetch(url).then(function (r) {
        if (!r.ok) throw new Error(url + " " + r.status);
        return r.json();
      });
      loaded[url].catch(function () {
        delete loaded[url];
      });
    }
    return loaded[url];
  }

  function fold(text) {
    return text.normalize("NFKC").toLowerCase().replace(/[\s\-—–·]/g, "");
  }

  var searchReady = null;
  function loadSearch() {
    if (!searchReady) {
      searchReady = new Promise(function (resolve, reject) {
        var script = el("script", { src: new URL("assets/kb/search.js", ROOT).href });
        script.onload = function () {
          resolve(window.kb.engine);
        };
        script.onerror = function () {
          searchReady = null;
          reject(new Error("search.js"));
        };
        document.head.append(script);
      });
    }
    return searchReady;
  }

  window.kb.search = function (query, options) {
    return loadSearch().then(function (engine) {
      return engine.search(query, options || {});
    });
  };
  window.kb.tools = { el: el, getJson: getJson, spanOn: spanOn, today: today, fold: fold, announce: announce };

  if (document.querySelector("[data-kb-results]")) {
    loadSearch().then(function (engine) {
      engine.page(document.querySelector("[data-kb-results]"));
    });
  }
})();
