/* Message templates: what is chosen is put into the field, after what stands there; those of the chosen rule are offered. */
(function () {
  "use strict";

  function fill(select) {
    var field = document.getElementById(select.dataset.fills);
    var text = select.selectedOptions[0].dataset.text || "";
    if (!field || !text) return;
    var own = field.value === select.dataset.filled ? "" : field.value.trim();
    field.value = own ? own + "\n\n" + text : text;
    select.dataset.filled = field.value;
    var folded = field.closest("details");
    if (folded) folded.open = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  function offer(select, rule) {
    for (var option of select.options) {
      option.hidden = Boolean(rule && option.dataset.rule && option.dataset.rule !== rule);
    }
  }

  function ruleOf(select) {
    var named = select.dataset.ruleField && document.getElementById(select.dataset.ruleField);
    if (named) return named.value;
    var form = select.form;
    var chosen = form && form.querySelector("[name=rule]:checked");
    return chosen ? chosen.value : "";
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("select[data-fills]")) return fill(event.target);
    if (event.target.name !== "rule" || !event.target.form) return;
    event.target.form.querySelectorAll("select[data-fills]").forEach(function (select) {
      offer(select, ruleOf(select));
    });
  });
})();
