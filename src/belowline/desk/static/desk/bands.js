/* Bands: the handles move the drawing, boxes are counted, what was just done can be taken back for ten seconds. */
(function () {
  "use strict";
  var form = document.querySelector("[data-band]");
  var number = new Intl.NumberFormat(document.documentElement.lang || "en");

  function selection() { return document.getElementById("selection"); }

  /* As desk/keys.js keeps it. */
  function firstKey() {
    try { return (JSON.parse(localStorage.getItem("belowline-desk-keys")) || {}).first || "r"; } catch (error) { return "r"; }
  }

  /* The handles. The two push each other; what lies between them is counted from the columns at once. */
  function band() {
    var from = form.elements.from, to = form.elements.to;
    var columns = form.dataset.columns.split(" ").map(Number), pitch = Number(form.dataset.pitch);
    var all = columns.reduce(function (sum, one) { return sum + one; }, 0);

    function show(moved) {
      var low = Number(from.value), high = Number(to.value);
      if (low > high) {
        if (moved === from) to.value = high = low; else from.value = low = high;
      }
      from.classList.toggle("above", low > 50);
      from.setAttribute("aria-valuetext", low + " %");
      to.setAttribute("aria-valuetext", high + " %");
      form.querySelectorAll("[data-span]").forEach(function (node) {
        node.setAttribute("x", pitch * low);
        node.setAttribute("width", pitch * (high - low + 1));
      });
      var count = columns.slice(low, high + 1).reduce(function (sum, one) { return sum + one; }, 0);
      form.querySelector("[data-says]").innerHTML = "";
      var bold = document.createElement("b");
      bold.textContent = number.format(count);
      form.querySelector("[data-says]").append(bold, " of " + number.format(all) + ", from " + low + " to " + high + " %");
      form.querySelectorAll(".band-shortcuts [aria-current]").forEach(function (link) { link.removeAttribute("aria-current"); });
    }

    [from, to].forEach(function (handle) {
      handle.addEventListener("input", function () {
        show(handle);
        wait(true);
      });
    });
  }

  /* What is listed belongs to the band before, until the new list is here: nothing can be decided meanwhile. */
  function wait(isWaiting) {
    var part = selection();
    part.setAttribute("aria-busy", isWaiting ? "true" : "false");
    part.querySelectorAll(".deeds button").forEach(function (button) { button.disabled = isWaiting; });
  }

  function boxes() { return selection().querySelectorAll("[name=pick]"); }

  function count() {
    var part = selection(), list = Array.prototype.slice.call(boxes());
    var left = list.filter(function (box) { return !box.checked; }).length;
    var seen = part.querySelector("[name=seen]");
    if (!seen) return;
    var all = part.querySelector("[data-all]");
    var unlisted = all.checked ? seen.value.split(" ").filter(Boolean).length - list.length : 0;
    part.querySelectorAll("[data-count]").forEach(function (node) {
      node.textContent = number.format(unlisted + list.length - left);
    });
    part.querySelectorAll("[data-first]").forEach(function (node) { node.textContent = firstKey(); });
    all.indeterminate = all.checked ? left > 0 : left < list.length;
  }

  if (form) {
    band();
    count();
    document.addEventListener("change", function (event) {
      if (event.target.matches("[data-all]")) {
        boxes().forEach(function (box) { box.checked = event.target.checked; });
        count();
      } else if (event.target.matches("[name=pick]")) count();
      else if (event.target.matches("#band-order, #band-from, #band-to")) wait(true);
    });
    document.addEventListener("htmx:afterSettle", function (event) {
      if (event.target.id === "selection" || selection().contains(event.target)) {
        count();
        selection().dispatchEvent(new CustomEvent("desk:shown", { bubbles: true }));
      }
    });
    /* The list did not come: load the page of the new band instead. */
    ["htmx:responseError", "htmx:sendError"].forEach(function (name) {
      form.addEventListener(name, function () { form.submit(); });
    });
  }

  /* Ten seconds, longer for those who are at it: then the way back leads through the history. */
  var toast = document.querySelector("[data-toast]");
  if (toast) {
    var left = Number(toast.dataset.lasts), undo = toast.querySelector("[data-undo]"), rest = document.createElement("span");
    rest.setAttribute("aria-hidden", "true");
    if (undo) undo.insertBefore(rest, undo.querySelector("kbd"));
    toast.classList.add("live");
    var tick = function () {
      rest.textContent = "(" + left + ") ";
      if (left === 0) {
        clearInterval(clock);
        toast.remove();
      }
      if (!toast.matches(":hover, :focus-within")) left -= 1;
    };
    var clock = setInterval(tick, 1000);
    tick();
    history.replaceState(null, "", location.pathname + location.search.replace(/[?&]done=\d+/, "").replace(/^&/, "?"));
  }

  /* desk/keys.js has the keys: the one that rejects by the first rule elsewhere rejects by the rule beside the button. */
  document.addEventListener("desk:act", function (event) {
    if (event.detail !== "first" || !form) return;
    event.preventDefault();
    var button = selection().querySelector('[value="reject"]');
    if (button) button.click();
  });
})();
