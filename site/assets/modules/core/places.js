// The menu 更多 in the row of places: closes as a menu does.

/** Close it on Escape, on a click elsewhere and when the focus leaves. */
export function wirePlaces() {
  document.querySelectorAll(".kb-others").forEach((menu) => {
    const close = () => {
      menu.open = false;
    };
    document.addEventListener("click", (e) => {
      if (!menu.contains(e.target)) close();
    });
    menu.addEventListener("focusout", (e) => {
      if (e.relatedTarget && !menu.contains(e.relatedTarget)) close();
    });
    menu.addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || !menu.open) return;
      close();
      menu.querySelector("summary").focus();
    });
  });
}
