// window.kb.search: hits for a query, from a worker that is started when somebody searches.
//
// The worker is started from the text of a data file, because from a disk none can be started from
// a file; what it needs is loaded here and handed over. Where workers are refused, the same engine
// runs on the page.
import { isoDay } from "../core/dates.js";
import { ON_DISK, part, pageUrl } from "../core/site.js";

const FOLDER = "assets/kb/s/";
const NAMES = ["rows", "lexical", "vectors", "terms", "names", "tokenizer", "encoder"];
const TOP = 10;

const state = { engine: null };

/** The engine, {search(query, options)}, started when it is first asked for. */
function engine() {
  if (!state.engine) {
    state.engine = start();
    // a file that could not be read may be there the next time
    state.engine.catch(() => {
      state.engine = null;
    });
  }
  return state.engine;
}

function start() {
  const keys = NAMES.map((name) => FOLDER + name);
  return Promise.all([part("assets/kb/worker")].concat(keys.map(part))).then(([text, ...values]) => {
    const parts = {};
    NAMES.forEach((name, i) => {
      parts[name] = values[i];
    });
    return inWorker(text, parts).catch(() => onPage(parts)).then((found) => {
      // what the engine holds now need not be held twice
      keys.forEach((key) => delete window.kb.parts[key]);
      return found;
    });
  });
}

const partsOf = (keys) => Promise.all(keys.map(part));

function inWorker(text, parts) {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const worker = new Worker(url);
    const asked = new Map();
    let asks = 0;
    let begun = false;

    function search(query, options) {
      return new Promise((done, fail) => {
        asks++;
        asked.set(asks, { done, fail });
        worker.postMessage({ ask: asks, query, options });
      });
    }

    function bring({ need, keys }) {
      partsOf(keys).then(
        (values) => worker.postMessage({ got: need, values }),
        (e) => worker.postMessage({ got: need, error: e.message })
      );
    }

    function settle({ answer, hits, error }) {
      const { done, fail } = asked.get(answer);
      asked.delete(answer);
      if (error) fail(new Error(error));
      else done(hits);
    }

    worker.onmessage = ({ data }) => {
      if (data.need) bring(data);
      else if (data.answer) settle(data);
      else if (data.ready) {
        begun = true;
        resolve({ search });
      } else reject(new Error(data.broken));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error("worker"));
      if (!begun) return;
      // nobody waits for ever, and the next search starts another
      state.engine = null;
      worker.terminate();
      asked.forEach(({ fail }) => fail(new Error("检索中断了")));
      asked.clear();
    };
    worker.postMessage({ parts });
  });
}

function onPage(parts) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = pageUrl("assets/kb/engine.js") + (ON_DISK ? "" : "?v=" + window.kb.version);
    script.onload = () => resolve(window.kb.openEngine(parts, partsOf));
    script.onerror = () => reject(new Error("读不到 engine.js"));
    document.head.append(script);
  });
}

/**
 * The clauses that answer a query, best first, as `kb search --format json` gives them, with
 * absolute addresses. Rejects with an Error whose message is for the reader.
 */
function search(query, { top = TOP, filters = {}, asOf = "" } = {}) {
  const text = String(query === undefined || query === null ? "" : query);
  if (!text.trim()) return Promise.resolve([]);
  const options = { top: Math.max(1, Math.floor(top) || TOP), filters, day: asOf || isoDay() };
  return engine()
    .then((found) => found.search(text, options))
    .then((hits) => hits.map((hit) => Object.assign(hit, { url: pageUrl(hit.url) })));
}

/** Put window.kb.search in place; nothing is loaded before somebody searches. */
export function installSearch() {
  window.kb.search = search;
  // loads what a search needs, so that the first one is as quick as the next
  window.kb.warm = () => engine().then(() => true);
  window.kb.searchReady = window.kb.warm;
}
