/** Keeping: the basket, exports, pasted texts. */
export function wireKeep() {}
