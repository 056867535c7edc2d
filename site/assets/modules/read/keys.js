// The header: “/” goes to the search field, the menu of narrow screens tells whether it is open.

function wireSlash() {
  document.addEventListener("keydown", (e) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable;
    if (e.key !== "/" || typing || e.ctrlKey || e.metaKey || e.altKey) return;
    const field = document.querySelector(".kb-search-form input, .kb-q input");
    if (!field) return;
    e.preventDefault();
    field.focus();
  });
}

function wireMenu(drawer, menu) {
  menu.addEventListener("click", () => {
    drawer.click();
    const first = document.querySelector(".md-nav--primary .md-nav__link");
    if (drawer.checked && first) first.focus();
  });
  drawer.addEventListener("change", () => {
    menu.setAttribute("aria-expanded", String(drawer.checked));
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !drawer.checked) return;
    drawer.click();
    menu.focus();
  });
}

/** Keys and the menu of the header. */
export function wireKeys() {
  wireSlash();
  const drawer = document.getElementById("__drawer");
  const menu = document.querySelector(".kb-menu");
  if (drawer && menu) wireMenu(drawer, menu);
}
