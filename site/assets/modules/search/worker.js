// The search in a worker: client.js sends the data files' values and the questions.
//
// In: {parts} once; {ask, query, options}; {got, values} or {got, error} for what was needed.
// Out: {ready} or {broken}; {answer, hits} or {answer, error}; {need, keys}.
import { openEngine } from "./engine.js";

const waiting = new Map();
const opened = [];
let needs = 0;

function need(keys) {
  return new Promise((resolve, reject) => {
    needs++;
    waiting.set(needs, { resolve, reject });
    self.postMessage({ need: needs, keys });
  });
}

function open(parts) {
  try {
    opened.push(openEngine(parts, need));
    self.postMessage({ ready: true });
  } catch (e) {
    self.postMessage({ broken: String((e && e.message) || e) });
  }
}

function answer({ ask, query, options }) {
  Promise.resolve()
    .then(() => opened[0].search(query, options))
    .then(
      (hits) => self.postMessage({ answer: ask, hits }),
      (e) => self.postMessage({ answer: ask, error: String((e && e.message) || e) })
    );
}

self.onmessage = (event) => {
  const message = event.data;
  if (message.parts) open(message.parts);
  else if (message.ask) answer(message);
  else if (message.got) {
    const { resolve, reject } = waiting.get(message.got);
    waiting.delete(message.got);
    if (message.error) reject(new Error(message.error));
    else resolve(message.values);
  }
};
