/* Keys of the desk: each does what the element with its name (data-action) does, and a moderator may change them. */
(function () {
  "use strict";
  var KEYS = "belowline-desk-keys", UNVEILED = "belowline-desk-unveiled";
  var OTHERS = { first: ["Reject by the first rule that was named", "r"], back: ["Back to the one before", "k"], help: ["These keys", "?"] };
  var changed = read(KEYS) || {}, dialog = document.getElementById("keys"), asking = null;

  function read(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch (error) { return null; }
  }
  function write(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); } catch (error) { /* kept until the page is left */ }
  }
  function sign(node) { return node.querySelector(node.tagName === "DETAILS" ? "summary kbd" : "kbd"); }
  function keyOf(action, usual) { return changed[action] === undefined ? usual : changed[action]; }

  /* {action: {key, usual, title}} of what stands on the page, and what always works. */
  function actions() {
    var found = {};
    document.querySelectorAll("[data-action]").forEach(function (node) {
      var name = node.dataset.action, mark = sign(node);
      if (found[name] || !mark) return;
      var usual = mark.dataset.key || mark.textContent.trim();
      var words = (node.tagName === "DETAILS" ? node.querySelector("summary") : node).cloneNode(true);
      words.querySelectorAll("kbd").forEach(function (one) { one.remove(); });
      found[name] = { usual: usual, key: keyOf(name, usual), title: words.textContent.trim() };
    });
    Object.keys(OTHERS).forEach(function (name) {
      found[name] = { title: OTHERS[name][0], usual: OTHERS[name][1], key: keyOf(name, OTHERS[name][1]) };
    });
    return found;
  }
  function show(root) {
    root.querySelectorAll("[data-action]").forEach(function (node) {
      var mark = sign(node);
      if (!mark) return;
      mark.dataset.key = mark.dataset.key || mark.textContent.trim();
      mark.textContent = keyOf(node.dataset.action, mark.dataset.key);
    });
    if (read(UNVEILED)) root.querySelectorAll("details.veil").forEach(function (node) { node.open = true; });
  }
  function act(name) {
    if (!document.dispatchEvent(new CustomEvent("desk:act", { cancelable: true, detail: name }))) return;
    if (name === "help") { open(); return; }
    var node = document.querySelector(name === "first" ? "button.rule.met" : '[data-action="' + CSS.escape(name) + '"]');
    if (!node) return;
    if (node.tagName !== "DETAILS") { node.click(); return; }
    node.open = !node.open;
    var field = node.open && node.querySelector("textarea");
    if (field) field.focus();
  }

  function row(name, entry) {
    var line = document.createElement("tr"), title = document.createElement("th"), cell = document.createElement("td");
    var button = document.createElement("button");
    title.scope = "row";
    title.textContent = entry.title;
    button.type = "button";
    button.className = "second";
    button.dataset.of = name;
    button.textContent = asking === name ? "Press a key" : entry.key || "none";
    button.setAttribute("aria-label", (asking === name ? "Press a key for: " : "Change the key " + entry.key + " of: ") + entry.title);
    cell.append(button);
    line.append(title, cell);
    return line;
  }
  function fill() {
    var all = actions(), body = dialog.querySelector("tbody"), focused = document.activeElement && document.activeElement.dataset.of;
    body.replaceChildren.apply(body, Object.keys(all).map(function (name) { return row(name, all[name]); }));
    if (focused) body.querySelector('[data-of="' + CSS.escape(focused) + '"]').focus();
  }
  function change(name, key) {
    var all = actions();
    var other = Object.keys(all).find(function (one) { return one !== name && all[one].key === key; });
    if (other) changed[other] = all[name].key;
    changed[name] = key;
    write(KEYS, changed);
    show(document);
  }
  function open() { asking = null; fill(); dialog.showModal(); }

  if (dialog) {
    dialog.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.of) { asking = button.dataset.of; fill(); }
      else if (button.hasAttribute("data-close")) dialog.close();
      else { changed = {}; write(KEYS, changed); show(document); fill(); }
    });
    dialog.addEventListener("keydown", function (event) {
      event.stopPropagation(); // what is pressed here decides nothing
      if (!asking || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      change(asking, event.key);
      asking = null;
      fill();
    });
    var unveiled = dialog.querySelector("[data-unveiled]");
    unveiled.checked = Boolean(read(UNVEILED));
    unveiled.addEventListener("change", function () { write(UNVEILED, unveiled.checked); show(document); });
    document.querySelectorAll("[data-keys]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", open);
    });
  }
  document.addEventListener("keydown", function (event) {
    var field = event.target.closest("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, dialog");
    if (field && event.key === "Escape") field.blur();
    if (field || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    var all = actions();
    var name = Object.keys(all).find(function (one) { return all[one].key === event.key; });
    if (!name) return;
    event.preventDefault();
    act(name);
  });
  document.addEventListener("desk:shown", function (event) { show(event.target); });
  show(document);
})();
