/** Finding: the search box of every page and the search page. */
export function wireFind() {}
