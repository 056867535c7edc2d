// What every page does: status for today, previews of citations, copying, filters.
// Nothing here leaves the site's own origin; texts are put into the page as text, never as HTML.
(function () {
  "use strict";

  var ROOT = window.kb.root;
  var today = (function () {
    var d = new Date();
    var two = function (n) {
      return (n < 10 ? "0" : "") + n;
    };
    return d.getFullYear() + "-" + two(d.getMonth() + 1) + "-" + two(d.getDate());
  })();

  // --- small helpers -------------------------------------------------------------------------

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

  function chineseDate(iso) {
    var m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso || "");
    return m ? +m[1] + "年" + +m[2] + "月" + +m[3] + "日" : iso || "不详";
  }

  // [from, to, status, label, reason] of the day; the spans are complete and in order
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

  // --- status for today ------------------------------------------------------------------------

  function showStatus(box) {
    var facts = JSON.parse(box.dataset.kbStatus);
    var find = function (v) {
      return v.version === facts.this;
    };
    var now = spanOn(facts.versions.filter(find)[0].spans, today);
    box.dataset.s = now[2];
    box.querySelector(".kb-badge").textContent = now[3] || now[2];
    box.querySelector(".kb-when").textContent = "今天是" + chineseDate(today);
    var why = now[4] ? "：" + now[4].replace("这一天", "今天") : "";
    box.querySelector(".kb-why").textContent = why.replace(/\d{4}-\d{2}-\d{2}/g, chineseDate);
    var other = box.querySelector(".kb-other");
    other.textContent = "";
    if (now[2] !== "现行") {
      var better = facts.versions.filter(function (v) {
        return v.version !== facts.this && spanOn(v.spans, today)[2] === "现行";
      })[0];
      if (better) {
        other.append("今天有效的是 " + chineseDate(better.version) + " 通过的版本");
        if (better.url) {
          var same = better.url + (location.hash || "");
          other.append("：", el("a", { href: same }, ["去看那个版本"]));
        } else other.append("，本站没有收录它的正文");
        other.append("。");
      }
    }
    var age = (Date.parse(today) - Date.parse(facts.built)) / 86400000;
    if (age > 180) {
      var words = "本站生成于" + chineseDate(facts.built) + "，已过半年；此后的修订和废止这里看不到，请核对官方文本。";
      box.append(el("span", { class: "kb-stale" }, [words]));
    }
  }

  // "尚未施行 2021-09-01现行 2027-01-01被代替": each label holds from its day on
  function labelOn(days, day) {
    var found = "";
    days.split(" ").forEach(function (part) {
      var m = /^(\d{4}-\d{2}-\d{2})?(.*)$/.exec(part);
      if (!m[1] || m[1] <= day) found = m[2];
    });
    return found;
  }

  function showCatalog(table) {
    table.querySelectorAll("tr[data-kb-days]").forEach(function (row) {
      var label = labelOn(row.dataset.kbDays, today);
      row.dataset.s = label.split("（")[0];
      row.querySelector(".kb-badge").textContent = label;
    });
    var day = table.querySelector(".kb-today");
    if (day) day.textContent = "今天（" + chineseDate(today) + "）";
  }

  // --- filters of the catalog and the definitions ------------------------------------------------

  function fold(text) {
    return text.normalize("NFKC").toLowerCase().replace(/[\s\-—–·]/g, "");
  }

  function wireFilter(form) {
    var scope = form.parentNode;
    var rows = scope.querySelectorAll(
      form.dataset.kbFilter === "kb-catalog" ? "tr[data-w]" : ".kb-defs > [data-w]"
    );
    var out = form.querySelector("output");
    function apply() {
      var f = new FormData(form);
      var q = fold(String(f.get("q") || ""));
      var n = 0;
      rows.forEach(function (row) {
        var d = row.dataset;
        var fits =
          (!q || fold(d.w).indexOf(q) >= 0) &&
          (!f.get("kind") || d.k === f.get("kind")) &&
          (!f.get("region") || d.r === f.get("region")) &&
          (!f.get("status") || d.s === f.get("status")) &&
          (!f.get("text") || d.x !== "none");
        row.hidden = !fits;
        if (fits) n++;
      });
      var asked = q || f.get("kind") || f.get("region") || f.get("status");
      scope.querySelectorAll(".kb-more").forEach(function (box) {
        var any = box.querySelector("tr[data-w]:not([hidden])");
        box.hidden = !any;
        if (asked && any) box.open = true;
      });
      out.textContent = n === rows.length ? "共 " + n + " 项" : "显示 " + n + " 项，共 " + rows.length + " 项";
    }
    form.addEventListener("input", apply);
    form.addEventListener("submit", function (e) {
      e.preventDefault();
    });
    apply();
  }

  // --- the words of a unit -----------------------------------------------------------------------

  var NOT_TEXT = ".kb-back,.kb-cp,.kb-pin,.kb-no,.kb-near,summary,button";
  var BLOCKS = /^(P|LI|TR|CAPTION|DIV|UL|TABLE|THEAD|TBODY|SECTION)$/;

  // lines of text as they are read, without controls; a table row is one line
  function linesOf(node) {
    var lines = [];
    var line = "";
    function end() {
      if (line.trim()) lines.push(line.trim());
      line = "";
    }
    (function walk(n) {
      if (n.nodeType === 3) {
        line += n.data.replace(/\s*\n\s*/g, "");
        return;
      }
      if (n.nodeType !== 1 || n.matches(NOT_TEXT)) return;
      if (n.tagName === "BR") return end();
      var starts = BLOCKS.test(n.tagName) && !n.matches(".kb-t");
      if (starts && !(n.tagName === "P" && n.parentNode.matches(".kb-t") && n === n.parentNode.firstElementChild)) end();
      n.childNodes.forEach(walk);
      if (/^(TD|TH)$/.test(n.tagName) && n.nextElementSibling) line += " | ";
      if (BLOCKS.test(n.tagName)) end();
    })(node);
    return lines;
  }

  function clauseText(clause) {
    var title = clause.querySelector(".kb-no .kb-h");
    var lines = linesOf(clause.querySelector(".kb-body"));
    return (title ? [title.textContent] : []).concat(lines);
  }

  function permalink(anchor) {
    var head = document.querySelector("[data-kb-permalink]");
    var base = new URL(head ? head.dataset.kbPermalink : "./", location.href.split("#")[0]);
    return base.href + "#" + anchor;
  }

  function statusWords() {
    var box = document.querySelector("[data-kb-status]");
    var badge = box && box.querySelector(".kb-badge").textContent;
    return badge ? "（" + chineseDate(today) + "：" + badge + "）" : "";
  }

  // --- copying -------------------------------------------------------------------------------------

  function legacyCopy(text) {
    var area = el("textarea", { readonly: "", "aria-hidden": "true", class: "kb-live" });
    area.value = text;
    document.body.append(area);
    area.select();
    var ok = false;
    try {
      ok = document.execCommand("copy");
    } catch (e) {
      ok = false;
    }
    area.remove();
    return ok;
  }

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text).catch(function () {
        if (!legacyCopy(text)) throw new Error("copy");
      });
    }
    return legacyCopy(text) ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function citationOf(clause, unit) {
    var name = clause.dataset.c + (unit ? unit.dataset.n : "");
    var lines = unit ? linesOf(unit) : clauseText(clause);
    return [name + statusWords()].concat(lines, permalink((unit || clause).id)).join("\n");
  }

  function onCopy(button) {
    var clause = button.closest(".kb-clause");
    var unit = button.dataset.unit && document.getElementById(button.dataset.unit);
    var before = button.textContent;
    copy(citationOf(clause, unit)).then(
      function () {
        button.textContent = "已复制";
        announce("已复制引用");
      },
      function () {
        button.textContent = "复制不了，请选中文字后复制";
        announce("复制不了，请选中文字后复制");
      }
    ).then(function () {
      setTimeout(function () {
        button.textContent = before;
      }, 2000);
    });
  }

  // where an address leads: neighbours of the clause, and 复制 of the 款 or 项 that it names
  function showNeighbours() {
    document.querySelectorAll(".kb-near").forEach(function (n) {
      n.remove();
    });
    var unit = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var clause = unit && unit.closest(".kb-clause");
    if (!clause) return;
    var all = Array.prototype.slice.call(document.querySelectorAll(".kb-clause"));
    var at = all.indexOf(clause);
    var bar = el("nav", { class: "kb-near", "aria-label": "相邻条款" });
    [["‹ ", all[at - 1]], ["› ", all[at + 1]]].forEach(function (pair) {
      if (pair[1]) {
        var name = pair[1].querySelector(".kb-no").textContent.trim();
        bar.append(el("a", { href: "#" + pair[1].id }, [pair[0] + name]));
      }
    });
    if (unit !== clause && unit.dataset.n) {
      var b = el("button", { type: "button", class: "kb-cp kb-unit-cp", "data-unit": unit.id });
      b.textContent = "复制" + unit.dataset.n.trim();
      bar.append(b);
    }
    clause.querySelector(".kb-body").append(bar);
  }

  // --- preview of a citation -------------------------------------------------------------------------

  var pop = null;
  var popFor = null;
  var timer = 0;

  function hidePop() {
    clearTimeout(timer);
    if (pop) pop.hidden = true;
    if (popFor) popFor.removeAttribute("aria-describedby");
    popFor = null;
  }

  function place(link) {
    var box = link.getBoundingClientRect();
    var wide = pop.offsetWidth;
    var left = Math.min(Math.max(box.left, 12), document.documentElement.clientWidth - wide - 12);
    var below = box.bottom + 8 + pop.offsetHeight < window.innerHeight || box.top < pop.offsetHeight + 60;
    var top = below ? box.bottom + 6 : box.top - pop.offsetHeight - 6;
    pop.style.left = left + window.scrollX + "px";
    pop.style.top = top + window.scrollY + "px";
  }

  function showPop(link, parts) {
    if (!pop) {
      pop = el("div", { id: "kb-pop", role: "tooltip", hidden: "" });
      document.body.append(pop);
      pop.addEventListener("mouseenter", function () {
        clearTimeout(timer);
      });
      pop.addEventListener("mouseleave", function () {
        timer = setTimeout(hidePop, 200);
      });
    }
    pop.textContent = "";
    parts.forEach(function (p) {
      pop.append(p);
    });
    pop.hidden = false;
    popFor = link;
    link.setAttribute("aria-describedby", "kb-pop");
    place(link);
  }

  var PREVIEW_LENGTH = 420;

  function preview(title, lines, badge) {
    var head = el("p", { class: "kb-pop-title" }, [title]);
    if (badge) {
      var mark = el("span", { "data-s": badge[2] }, [el("span", { class: "kb-badge" }, [badge[3] || badge[2]])]);
      head.append(" ", mark);
    }
    var out = [head];
    var left = PREVIEW_LENGTH;
    lines.some(function (line) {
      out.push(el("p", {}, [line.length > left ? line.slice(0, left) + "……" : line]));
      left -= line.length;
      return left <= 0;
    });
    return out;
  }

  function unitIn(data, id) {
    if (data.units[id]) return [data.units[id][0], data.units[id][1]];
    if (data.heads[id]) return data.heads[id];
    var keys = Object.keys(data.units);
    for (var i = 0; i < keys.length; i++) {
      var hit = data.units[keys[i]];
      for (var j = 0; j < hit[3].length; j++) {
        if (hit[3][j][0] === id) {
          return [hit[0] + hit[3][j][3], hit[1].slice(hit[3][j][1], hit[3][j][2])];
        }
      }
    }
    return null;
  }

  function targetOf(href) {
    var url = new URL(href, location.href);
    var id = decodeURIComponent(url.hash.slice(1));
    var here = url.pathname === location.pathname;
    var node = here && id && document.getElementById(id);
    if (node) {
      var clause = node.closest(".kb-clause");
      var caption = node.querySelector("caption");
      var part = clause === node || !clause ? "" : caption && node.matches(".kb-tw") ? " " + caption.textContent : node.dataset.n;
      var title = clause ? clause.dataset.c + part : node.textContent.trim();
      var lines = clause === node ? clauseText(node) : clause ? linesOf(node) : [];
      if (caption && lines[0] === caption.textContent.trim()) lines.shift();
      return Promise.resolve(preview(title, lines));
    }
    if (here && !id) return Promise.resolve(preview("本文件", []));
    url.hash = "";
    url.search = "";
    return getJson(new URL("clauses.json", url.href).href).then(function (data) {
      var found = id ? unitIn(data, id) : null;
      var name = data.cite + (found ? found[0] : "");
      var badge = data.spans && spanOn(data.spans, today);
      var lines = found ? found[1].split("\n").filter(Boolean) : [];
      if (!Object.keys(data.units).length) lines = ["本站没有这份文件的正文，点开看目录信息"];
      return preview(name, lines, badge);
    });
  }

  function openFor(link) {
    if (popFor === link) return;
    hidePop();
    popFor = link;
    if (link.matches(".kb-un")) {
      var step = link.href ? "。点开看这份文件" : "";
      showPop(link, [el("p", {}, [link.dataset.why + step])]);
      return;
    }
    var hrefs = (link.dataset.t || link.getAttribute("href")).split(" ");
    Promise.all(hrefs.slice(0, 3).map(targetOf)).then(
      function (all) {
        if (popFor !== link) return;
        var parts = [].concat.apply([], all);
        var edition = link.dataset.d;
        if (edition) parts.push(el("p", {}, [/^\d/.test(edition) ? "引用时的版本：" + edition : edition]));
        if (hrefs.length > 3) parts.push(el("p", {}, ["共引用 " + hrefs.length + " 条，点开查看"]));
        showPop(link, parts);
      },
      function () {
        if (popFor === link) showPop(link, [el("p", {}, ["读取失败，请点开看"])]);
      }
    );
  }

  function wirePreviews() {
    var over = function (e) {
      var link = e.target.closest && e.target.closest(".kb-c,.kb-un");
      if (!link) return;
      clearTimeout(timer);
      timer = setTimeout(openFor, e.type === "focusin" ? 0 : 250, link);
    };
    var out = function (e) {
      if (!(e.target.closest && e.target.closest(".kb-c,.kb-un"))) return;
      clearTimeout(timer);
      timer = setTimeout(hidePop, 250);
    };
    // a finger follows the link; only a mouse can rest on it
    if (window.matchMedia("(hover: hover)").matches) {
      document.addEventListener("mouseover", over);
      document.addEventListener("mouseout", out);
    }
    document.addEventListener("focusin", over);
    document.addEventListener("focusout", out);
    document.addEventListener("keydown", function (e) {
      if (e.key === "Escape") hidePop();
    });
    // the browser's own tooltip would stand beside ours; without a script it stays
    document.querySelectorAll(".kb-un").forEach(function (n) {
      n.dataset.why = n.title;
      n.removeAttribute("title");
    });
  }

  // --- search on demand ------------------------------------------------------------------------------

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

  // --- start -------------------------------------------------------------------------------------------

  document.querySelectorAll("[data-kb-status]").forEach(showStatus);
  document.querySelectorAll(".kb-catalog").forEach(showCatalog);
  document.querySelectorAll("[data-kb-filter]").forEach(wireFilter);
  wirePreviews();
  showNeighbours();
  window.addEventListener("hashchange", showNeighbours);
  document.addEventListener("click", function (e) {
    var button = e.target.closest && e.target.closest(".kb-cp");
    if (button) onCopy(button);
  });
  document.addEventListener("keydown", function (e) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable;
    if (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) {
      e.preventDefault();
      document.querySelector(".kb-search-form input, .kb-q input").focus();
    }
  });
  var drawer = document.getElementById("__drawer");
  var menu = document.querySelector(".kb-menu");
  if (drawer && menu) {
    menu.addEventListener("click", function () {
      drawer.click();
      var first = document.querySelector(".md-nav--primary .md-nav__link");
      if (drawer.checked && first) first.focus();
    });
    drawer.addEventListener("change", function () {
      menu.setAttribute("aria-expanded", String(drawer.checked));
    });
    document.addEventListener("keydown", function (e) {
      if (e.key !== "Escape" || !drawer.checked) return;
      drawer.click();
      menu.focus();
    });
  }
  if (document.querySelector("[data-kb-results]")) {
    loadSearch().then(function (engine) {
      engine.page(document.querySelector("[data-kb-results]"));
    });
  }
})();
