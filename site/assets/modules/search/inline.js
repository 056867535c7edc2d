// The search on the page itself, where a browser refuses workers: see client.js.
import { openEngine } from "./engine.js";

window.kb.openEngine = openEngine;
