/** Reading: status, previews, notes, copying. */
export function wireRead() {}
