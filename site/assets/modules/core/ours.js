// The mark of our own words: it stands wherever they do.

/** What it says. */
export const OURS = "要点（非原文）";
