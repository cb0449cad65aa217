/* Comfort for pages that work without it: relative times. */
(function () {
  "use strict";
  var units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  var format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });

  function relativeTimes(root) {
    root.querySelectorAll("time[datetime]").forEach(function (node) {
      var then = new Date(node.dateTime), seconds = (then - Date.now()) / 1000;
      if (Math.abs(seconds) > 6 * 86400) return;
      node.title = node.title || node.textContent.trim();
      var unit = units.find(function (entry) { return Math.abs(seconds) >= entry[1]; });
      node.textContent = unit ? format.format(Math.round(seconds / unit[1]), unit[0]) : format.format(0, "second");
    });
  }

  function ready(root) { relativeTimes(root); }

  ready(document);
  document.addEventListener("htmx:afterSettle", function (event) {
    ready(event.target);
  });
})();
