// The address of the page, changed without leaving it.

/**
 * Show another address of this page; `lasting` makes an entry of the history, with a `state` if
 * one is given. False where the browser refuses: some do from a disk, any that is asked too often.
 */
export function showAddress(href, lasting, state = null) {
  try {
    if (lasting) history.pushState(state, "", href);
    else history.replaceState(state, "", href);
    return true;
  } catch (e) {
    return false;
  }
}
