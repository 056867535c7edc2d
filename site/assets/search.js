// Search by words, in the browser: clause numbers first, then BM25 over pairs of characters.
// Loaded when somebody searches; the texts come from each document's clauses.json, once.
(function () {
  "use strict";

  var tools = window.kb.tools;
  var ROOT = window.kb.root;
  var K1 = 1.2;
  var B = 0.6;
  var TITLE_WEIGHT = 2; // a word in the headings above a clause counts as two in its text
  var DEFAULT = ["现行", "已修改", "待核"]; // the same default as kb search
  var SIGNS = /[^0-9a-z\u3400-\u9fff.%≤≥<>℃°]+/g;

  function fold(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  // --- Chinese numerals in a query: 第二十五条 and 第25条 are the same -----------------------------

  var DIGITS = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
  var UNITS = { 十: 10, 百: 100, 千: 1000 };

  function parseNumber(text) {
    if (/^\d+$/.test(text)) return +text;
    var total = 0;
    var last = 0;
    for (var i = 0; i < text.length; i++) {
      var c = text[i];
      if (c in DIGITS) last = DIGITS[c];
      else if (c in UNITS) {
        total += (last || 1) * UNITS[c];
        last = 0;
      } else return NaN;
    }
    return total + last;
  }

  // 第25条之一 -> art-25-1; 5.2.2.2 -> 5.2.2.2; 附录A.1 -> app-A.1
  var ARTICLE = /第?([0-9零〇一二三四五六七八九十百千两]+)条(?:之([0-9一二三四五六七八九十]+))?/;
  var NUMBER = /(?:^|[^0-9.])(\d{1,2}(?:\.\d{1,2}){1,5})(?![0-9.])/;

  function clauseIn(query) {
    var m = ARTICLE.exec(query);
    if (m) return "art-" + parseNumber(m[1]) + (m[2] ? "-" + parseNumber(m[2]) : "");
    m = NUMBER.exec(query);
    return m ? m[1] : "";
  }

  // --- loading ------------------------------------------------------------------------------------

  var library = null;

  function load() {
    if (!library) {
      library = tools.getJson(new URL("assets/kb/documents.json", ROOT).href).then(function (list) {
        list.documents.forEach(function (d) { regions[d.id] = d.region; });
        return { documents: list.documents };
      });
      library.catch(function () {
        library = null;
      });
    }
    return library;
  }

  function rowsOf(doc) {
    if (!doc.rows) {
      doc.rows = tools.getJson(new URL(doc.page + "clauses.json", ROOT).href).then(function (data) {
        return Object.keys(data.units).map(function (id) {
          var u = data.units[id];
          var path = data.paths[u[2]] || [];
          return {
            doc: doc,
            id: id,
            clause: u[0],
            text: u[1],
            path: path,
            parts: u[3],
            cite: data.cite,
            body: fold(u[1]),
            head: fold([doc.short, doc.title].concat(path, u[0]).join(" ")),
          };
        });
      });
      doc.rows.catch(function () {
        doc.rows = null;
      });
    }
    return doc.rows;
  }

  function statusOf(doc) {
    var span = tools.spanOn(doc.spans, tools.today);
    return span ? span[2] : "待核";
  }

  function chosen(documents, filters) {
    return documents.filter(function (d) {
      var status = statusOf(d);
      return (
        (filters.status ? [].concat(filters.status).indexOf(status) >= 0 : DEFAULT.indexOf(status) >= 0) &&
        (!filters.kind || [].concat(filters.kind).indexOf(d.kind) >= 0) &&
        (!filters.doc || [].concat(filters.doc).indexOf(d.id) >= 0) &&
        (!filters.region || !d.region || d.region === filters.region)
      );
    });
  }

  // --- scoring ----------------------------------------------------------------------------------------

  function gramsOf(query) {
    var seen = {};
    fold(query).replace(SIGNS, " ").split(" ").forEach(function (word) {
      var pieces = word.match(/[0-9a-z.%≤≥<>℃°]+|[\u3400-\u9fff]+/g) || [];
      pieces.forEach(function (piece) {
        if (!/[\u3400-\u9fff]/.test(piece) || piece.length === 1) seen[piece] = true;
        else for (var i = 0; i + 2 <= piece.length; i++) seen[piece.slice(i, i + 2)] = true;
      });
    });
    return Object.keys(seen);
  }

  function count(text, gram) {
    var n = 0;
    for (var at = text.indexOf(gram); at >= 0; at = text.indexOf(gram, at + gram.length)) n++;
    return n;
  }

  function rank(rows, query, top) {
    var grams = gramsOf(query);
    var whole = fold(query).replace(/\s/g, "");
    var mean = 0;
    rows.forEach(function (r) {
      mean += r.body.length;
    });
    mean = mean / (rows.length || 1);
    var scores = new Float64Array(rows.length);
    var matched = new Uint16Array(rows.length);
    grams.forEach(function (gram) {
      var tf = new Float64Array(rows.length);
      var df = 0;
      for (var i = 0; i < rows.length; i++) {
        tf[i] = count(rows[i].body, gram) + TITLE_WEIGHT * count(rows[i].head, gram);
        if (tf[i]) df++;
      }
      var idf = Math.log(1 + (rows.length - df + 0.5) / (df + 0.5));
      for (i = 0; i < rows.length; i++) {
        if (!tf[i]) continue;
        matched[i]++;
        scores[i] += (idf * tf[i] * (K1 + 1)) / (tf[i] + K1 * (1 - B + (B * rows[i].body.length) / mean));
      }
    });
    var order = [];
    for (var i = 0; i < rows.length; i++) {
      if (!scores[i]) continue;
      if (whole.length > 3 && rows[i].body.indexOf(whole) >= 0) scores[i] *= 1.5;
      order.push(i);
    }
    order.sort(function (a, b) {
      return scores[b] - scores[a] || a - b;
    });
    return order.slice(0, top).map(function (i) {
      return { row: rows[i], score: scores[i], grams: grams, matched: matched[i] };
    });
  }

  function namesDocument(doc, query) {
    var q = tools.fold(query);
    var names = [doc.title, doc.short, doc.number || ""].concat(doc.aliases);
    var digits = /(\d{3,})/.exec(doc.number || "");
    var best = 0;
    names.forEach(function (name) {
      var n = tools.fold(name);
      if (n && q.indexOf(n) >= 0) best = Math.max(best, n.length);
    });
    if (!best && digits && new RegExp("(^|\\D)" + digits[1] + "(\\D|$)").test(query)) best = digits[1].length;
    return best;
  }

  function jump(documents, query) {
    var id = clauseIn(fold(query));
    var named = documents
      .map(function (d) {
        return [namesDocument(d, query), d];
      })
      .filter(function (x) {
        return x[0] > 0;
      });
    var longest = Math.max.apply(null, [0].concat(named.map(function (x) { return x[0]; })));
    named = named.filter(function (x) {
      return x[0] === longest;
    });
    if (!id || !named.length) return Promise.resolve([]);
    return Promise.all(named.map(function (x) { return rowsOf(x[1]); })).then(function (all) {
      return [].concat.apply([], all).filter(function (r) {
        return r.id === id || r.id.indexOf(id + "~") === 0;
      });
    });
  }

  // --- the contract of a hit -------------------------------------------------------------------------------

  function partOf(row, grams) {
    var best = row.id;
    var most = 0;
    row.parts.forEach(function (p) {
      var words = fold(row.text.slice(p[1], p[2]));
      var n = grams.filter(function (g) { return words.indexOf(g) >= 0; }).length;
      var longer = p[2] - p[1];
      if (n > most || (n === most && n && longer < best.length)) {
        best = p[0];
        most = n;
      }
    });
    return most ? best : row.id;
  }

  function toHit(found, place, why) {
    var r = found.row;
    return {
      rank: place + 1,
      score: Math.round(found.score * 1e4) / 1e4,
      id: r.doc.id + "#" + r.id,
      version: r.doc.version,
      unit: found.grams ? partOf(r, found.grams) : r.id,
      doc: {
        id: r.doc.id,
        title: r.doc.title,
        short: r.doc.short,
        number: r.doc.number,
        kind: r.doc.kind,
        status: statusOf(r.doc),
      },
      clause: r.clause,
      path: r.path,
      text: r.text,
      gist: null,
      citation: r.cite + r.clause,
      url: new URL(r.doc.page + "#" + r.id, ROOT).href,
      why: why,
    };
  }

  function search(query, options) {
    var top = options.top || 10;
    var filters = options.filters || {};
    return load().then(function (lib) {
      var documents = chosen(lib.documents, filters);
      return Promise.all([jump(documents, query), Promise.all(documents.map(rowsOf))]).then(function (all) {
        var direct = all[0];
        var rows = [].concat.apply([], all[1]);
        var hits = direct.map(function (r, i) {
          return toHit({ row: r, score: 1000 - i }, i, { by: "citation" });
        });
        var ids = {};
        hits.forEach(function (h) { ids[h.id + "@" + h.version] = true; });
        rank(rows, query, top + hits.length).forEach(function (f) {
          var hit = toHit(f, hits.length, { by: "words", words: f.grams.filter(function (g) {
            return f.row.body.indexOf(g) >= 0 || f.row.head.indexOf(g) >= 0;
          }) });
          if (!ids[hit.id + "@" + hit.version] && hits.length < top) hits.push(hit);
        });
        return hits.slice(0, top);
      });
    });
  }

  // --- the search page ----------------------------------------------------------------------------------------

  var SNIPPET = 160;

  function highlighted(text, words) {
    var low = fold(text);
    var marks = [];
    if (low.length === text.length) {
      words.forEach(function (w) {
        for (var at = low.indexOf(w); at >= 0; at = low.indexOf(w, at + 1)) marks.push([at, at + w.length]);
      });
    }
    marks.sort(function (a, b) { return a[0] - b[0]; });
    var joined = [];
    marks.forEach(function (m) {
      var last = joined[joined.length - 1];
      if (last && m[0] <= last[1]) last[1] = Math.max(last[1], m[1]);
      else joined.push(m.slice());
    });
    var from = joined.length ? Math.max(0, joined[0][0] - 40) : 0;
    var to = Math.min(text.length, from + SNIPPET);
    var out = [from ? "……" : ""];
    var at = from;
    joined.forEach(function (m) {
      if (m[0] >= to) return;
      out.push(text.slice(at, m[0]), tools.el("mark", {}, [text.slice(m[0], Math.min(m[1], to))]));
      at = Math.min(m[1], to);
    });
    out.push(text.slice(at, to), to < text.length ? "……" : "");
    return out;
  }

  function renderHit(hit, region) {
    var doc = hit.doc.kind === "standard" ? hit.doc.short + " " + hit.doc.title : "《" + hit.doc.short + "》";
    var link = tools.el("a", { class: "kb-hit-title", href: hit.url }, [doc + " " + hit.clause]);
    var badge = tools.el("span", { "data-s": hit.doc.status }, [
      tools.el("span", { class: "kb-badge" }, [hit.doc.status]),
    ]);
    var words = (hit.why && hit.why.words) || [];
    var text = hit.text.replace(/\n/g, " ");
    return tools.el("li", { class: "kb-hit" }, [
      link, " ", badge, region ? tools.el("span", { class: "kb-tag" }, [region]) : "",
      tools.el("div", { class: "kb-hit-path" }, [hit.path.join(" › ")]),
      tools.el("div", {}, highlighted(text, words)),
    ]);
  }

  var regions = {}; // document id -> region, for local rules and notices

  function page(box) {
    var form = document.querySelector(".kb-search-form");
    var input = form.querySelector("input[name=q]");
    var run = 0;
    function show(push) {
      var q = input.value.trim();
      var mine = ++run;
      var url = new URL(location.href);
      if (q) url.searchParams.set("q", q);
      else url.searchParams.delete("q");
      if (push) history.replaceState(null, "", url);
      box.textContent = q ? "正在查找……" : "";
      if (!q) return;
      search(q, { top: 20 }).then(
        function (hits) {
          if (mine !== run) return;
          box.textContent = "";
          if (!hits.length) {
            box.append(tools.el("p", {}, ["没有找到含有这些字的条款。换个说法试试；没有找到不等于没有规定。"]));
          } else box.append(tools.el("ol", { class: "kb-hits" }, hits.map(function (h) { return renderHit(h, regions[h.doc.id]); })));
          tools.announce("找到 " + hits.length + " 条");
        },
        function () {
          if (mine === run) box.textContent = "读取条款失败，请刷新页面再试。";
        }
      );
    }
    var wait = 0;
    input.addEventListener("input", function () {
      clearTimeout(wait);
      wait = setTimeout(show, 250, true);
    });
    form.addEventListener("submit", function (e) {
      e.preventDefault();
      show(true);
    });
    input.value = new URL(location.href).searchParams.get("q") || "";
    show(false);
    input.focus();
  }

  window.kb.engine = { search: search, page: page };
})();
