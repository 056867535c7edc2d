// The address of the page, changed without leaving it.

/**
 * Show another address of this page; `lasting` makes an entry of the history. False where the
 * browser refuses: some do from a disk, and any that is asked too often.
 */
export function showAddress(href, lasting) {
  try {
    if (lasting) history.pushState(null, "", href);
    else history.replaceState(null, "", href);
    return true;
  } catch (e) {
    return false;
  }
}
