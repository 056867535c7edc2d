/** Showing and drilling: 投影, flashcards, practice, the sheet of the day. */
export function wireDrill() {}
