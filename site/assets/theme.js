// Light or dark: what the reader chose here, else what the system says. Runs before the content.
(function () {
  "use strict";
  var media = window.matchMedia("(prefers-color-scheme: dark)");
  var button = document.querySelector(".kb-theme");
  var names = { auto: "随系统", light: "浅色", dark: "深色" };
  var order = ["auto", "light", "dark"];
  function choice() {
    var found = window.__md_get("theme");
    return order.indexOf(found) < 0 ? "auto" : found;
  }
  function apply() {
    var now = choice();
    var dark = now === "dark" || (now === "auto" && media.matches);
    document.body.setAttribute("data-md-color-scheme", dark ? "slate" : "default");
    if (button) button.title = "明暗：" + names[now];
    if (button) button.setAttribute("aria-label", "切换明暗，现在是" + names[now]);
  }
  apply();
  if (media.addEventListener) media.addEventListener("change", apply);
  // no keyboard, no word of keys: the box of a phone has no room for it
  var box = document.querySelector(".kb-q input");
  if (box && window.matchMedia("(hover: none)").matches) box.placeholder = "查条款";
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", function () {
    var next = order[(order.indexOf(choice()) + 1) % order.length];
    window.__md_set("theme", next);
    apply();
  });
})();
