// Everything that a page of the site runs, in one script: see kb/sitegen/bundle.py.
// Each area wires what it finds on the page; none needs another to have run.
import { ready } from "./core/dom.js";
import { wireFolders } from "./core/folders.js";
import { wireOffline } from "./core/offline.js";
import { wirePlaces } from "./core/places.js";
import { wireDrill } from "./drill/main.js";
import { wireFind } from "./find/main.js";
import { wireKeep } from "./keep/main.js";
import { wireLists } from "./lists/main.js";
import { wireRead } from "./read/main.js";
import { installSearch } from "./search/client.js";

installSearch();
wireFolders();
ready(() => {
  wireOffline();
  wirePlaces();
  wireRead();
  wireFind();
  wireKeep();
  wireLists();
  wireDrill();
});
