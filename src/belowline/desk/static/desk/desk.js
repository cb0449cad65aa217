/* The desk by keyboard: j k p r u and a key for each rule. Every key does what a link or button does. */
(function () {
  "use strict";
  var form = document.querySelector("[data-decide]");
  var undo = document.querySelector("[data-undo]");
  var section = document.querySelector("[data-following]");
  var rejecting = false;

  var current = document.querySelector(".queue [aria-current]");
  if (current) {
    var list = current.closest(".queue");
    list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 2;
  }

  function press(value) {
    form.querySelector('button[value="' + value + '"]').click();
  }
  function go(name) {
    var target = section && section.dataset[name];
    if (target) location.search = target;
  }

  document.addEventListener("keydown", function (event) {
    var field = event.target.closest("input[type=text], input[type=email], textarea, select");
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    var rule = rejecting && form && form.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
    if (rule) {
      event.preventDefault();
      rule.checked = true;
      press("reject");
      return;
    }
    if (event.key === "j") go("following");
    else if (event.key === "k") go("previous");
    else if (event.key === "u" && undo) undo.requestSubmit();
    else if (event.key === "p" && form) press("publish");
    else if (event.key === "r" && form) {
      var chosen = form.querySelector("[name=rule]:checked");
      if (chosen) press("reject");
      rejecting = true;
      form.querySelector("[name=rule]").focus();
    } else if (event.key === "Escape") rejecting = false;
    else return;
    event.preventDefault();
  });
})();
