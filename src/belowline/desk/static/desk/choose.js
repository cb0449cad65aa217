/* Lists to choose from: all or none without loading the page anew, several at once with Shift, and how many they are. */
(function () {
  "use strict";
  var form = document.querySelector("[data-choose]");
  if (!form || !form.querySelector("[data-count]")) return;
  var boxes = Array.prototype.slice.call(form.querySelectorAll("input[name=chosen]"));
  var count = form.querySelector("[data-count]");
  var last = null;

  function say() {
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    count.textContent = chosen ? "(" + chosen + ")" : "";
  }
  function set(link, isChecked) {
    if (!link) return;
    link.addEventListener("click", function (event) {
      event.preventDefault();
      boxes.forEach(function (box) { box.checked = isChecked; });
      say();
    });
  }
  set(form.querySelector("[data-all]"), true);
  set(form.querySelector("[data-none]"), false);
  form.addEventListener("click", function (event) {
    var place = boxes.indexOf(event.target);
    if (place < 0) return;
    if (event.shiftKey && last !== null) {
      boxes.slice(Math.min(last, place), Math.max(last, place) + 1).forEach(function (box) {
        box.checked = event.target.checked;
      });
    }
    last = place;
    say();
  });
  say();
})();
