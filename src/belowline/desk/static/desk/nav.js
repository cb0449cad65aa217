/* The desk's menus close by Escape, and by a click anywhere else. Without script they close by their own button. */
(function () {
  "use strict";
  function open() {
    return document.querySelector(".desk-nav details[open]");
  }
  document.addEventListener("click", function (event) {
    var menu = open();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", function (event) {
    var menu = open();
    if (!menu || event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
