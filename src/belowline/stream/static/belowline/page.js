/* Comfort for pages that work without it: relative times, counting characters, one submit at a time. */
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

  function composers(root) {
    root.querySelectorAll("form[data-composer]").forEach(function (form) {
      if (form.dataset.ready) return;
      form.dataset.ready = "yes";
      var text = form.querySelector("textarea"), counter = form.querySelector("[data-counter]");
      var limit = Number(text.dataset.limit);
      function count() {
        var left = limit - Array.from(text.value).length;
        counter.textContent = left < 300 ? left + " characters left" : "";
        counter.classList.toggle("over", left < 0);
      }
      text.addEventListener("input", count);
      count();
      form.addEventListener("submit", function (event) {
        if (form.dataset.sent) { event.preventDefault(); return; }
        form.dataset.sent = "yes";
        var button = event.submitter || form.querySelector("button[type=submit]");
        button.setAttribute("aria-disabled", "true");
        button.textContent = "Posting…";
      });
      addEventListener("pageshow", function (event) {
        if (event.persisted) location.reload();
      });
      var cancel = form.querySelector("[data-cancel]");
      if (cancel) cancel.addEventListener("click", function (event) {
        var place = form.closest("[data-reply-place]");
        if (!place) return;
        event.preventDefault();
        place.textContent = "";
        var link = document.querySelector('[hx-target="#' + place.id + '"]');
        if (link) link.focus();
      });
    });
  }

  function ready(root) { relativeTimes(root); composers(root); }

  ready(document);
  document.addEventListener("htmx:afterSettle", function (event) {
    ready(event.target);
    var text = event.target.querySelector("textarea");
    if (text) text.focus();
  });
})();
