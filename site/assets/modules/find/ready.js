// Whether the search has been loaded, and what is said while it is.
import { ON_DISK, part } from "../core/site.js";

const FIND = "assets/kb/s/find";
const state = { warm: false, asked: null };

/** What the filters offer; rejects where the site was built without it. */
export const findData = () => part(FIND);

/** Load what a search needs, once; true when it is there. */
export function warm() {
  if (!state.asked) {
    state.asked = (window.kb.warm ? window.kb.warm() : Promise.resolve()).then(
      () => {
        state.warm = true;
      },
      () => {
        state.asked = null; // the next search tries again and says what went wrong
      }
    );
  }
  return state.asked;
}

/** Whether a search would have to load first. */
export const isCold = () => !state.warm;

/** Hits of a query; loading counts as the first search. */
export function find(query, options) {
  return window.kb.search(query, options).then((hits) => {
    state.warm = true;
    return hits;
  });
}

/** 正在读入检索数据（首次约 3.2 MB）: as a Promise, because the size is in a data file. */
export function loadingWords() {
  return findData().then(
    (data) => {
      const bytes = data.size[ON_DISK ? 1 : 0];
      const size = (bytes / 1048576).toFixed(1).replace(/\.0$/, "");
      return "正在读入检索数据（首次约 " + size + " MB，之后不再读）……";
    },
    () => "正在读入检索数据……"
  );
}
