// Filters above a list: the catalog and the definitions.

/** Letters and digits alone, small: what a filter compares. */
export function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\s\-—–·]/g, "");
}

function wireFilter(form) {
  const scope = form.parentNode;
  const rows = scope.querySelectorAll(
    form.dataset.kbFilter === "kb-catalog" ? "tr[data-w]" : ".kb-defs > [data-w]"
  );
  const out = form.querySelector("output");
  const apply = () => {
    const f = new FormData(form);
    const q = fold(String(f.get("q") || ""));
    let n = 0;
    rows.forEach((row) => {
      const d = row.dataset;
      const fits =
        (!q || fold(d.w).includes(q)) &&
        (!f.get("kind") || d.k === f.get("kind")) &&
        (!f.get("region") || d.r === f.get("region")) &&
        (!f.get("status") || d.s === f.get("status")) &&
        (!f.get("text") || d.x !== "none");
      row.hidden = !fits;
      if (fits) n++;
    });
    const asked = q || f.get("kind") || f.get("region") || f.get("status");
    scope.querySelectorAll(".kb-more").forEach((box) => {
      const any = box.querySelector("tr[data-w]:not([hidden])");
      box.hidden = !any;
      if (asked && any) box.open = true;
    });
    out.textContent = n === rows.length ? "共 " + n + " 项" : "显示 " + n + " 项，共 " + rows.length + " 项";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (e) => e.preventDefault());
  apply();
}

/** Every filter of the page. */
export function wireFilters() {
  document.querySelectorAll("[data-kb-filter]").forEach(wireFilter);
}
