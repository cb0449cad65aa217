/* Comfort for pages that work without it, after the first paint: relative times, and the other scripts. */
(function () {
  "use strict";
  var told = document.currentScript.dataset, later = told.later, early = null;
  var ago = told.ago.split("|"), sizes = [86400, 3600, 60, 0];

  /* In the server's words: the browser's own take fifteen milliseconds to be there at all. */
  function relativeTimes(part) {
    part.querySelectorAll("time[datetime]").forEach(function (node) {
      var seconds = (Date.now() - Date.parse(node.dateTime)) / 1000;
      if (!(seconds < 6 * 86400 && seconds > -60)) return;
      var unit = sizes.findIndex(function (size) { return seconds >= size || !size; });
      node.title = node.title || node.textContent.trim();
      node.textContent = ago[unit].replace("%s", Math.floor(seconds / sizes[unit]));
    });
  }

  /* What is clicked before the other scripts are there is clicked again then. */
  function keep(event) {
    var target = event.target.closest && event.target.closest("a, button, summary");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    early = target;
    fetchRest();
  }
  function done() {
    document.removeEventListener("click", keep, true);
    if (early) early.click();
  }
  /* htmx starts only in a document that is complete. */
  function fetchRest() {
    if (!later || document.readyState !== "complete") return;
    var sources = later.split(" "), left = sources.length;
    later = "";
    relativeTimes(document);
    sources.forEach(function (source) {
      var script = document.createElement("script");
      script.src = source;
      script.async = false;
      script.onload = script.onerror = function () { if (!--left) done(); };
      document.head.appendChild(script);
    });
  }
  document.addEventListener("click", keep, true);
  addEventListener("load", function () {
    requestAnimationFrame(function () { requestAnimationFrame(fetchRest); });
    if (early) fetchRest();
  });
  document.addEventListener("htmx:afterSettle", function (event) { relativeTimes(event.target); });
})();
