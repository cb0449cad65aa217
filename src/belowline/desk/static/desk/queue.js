/* The queue without waiting: the next card is fetched before it is asked for, and a decision is sent while it is read.
   Every form and link here works without this script. */
(function () {
  "use strict";
  var desk = document.getElementById("desk"), place = document.getElementById("card");
  var said = document.getElementById("said"), undone = document.getElementById("undone");
  if (!desk || !place) return;
  var skipped = [], sent = [], before = [], next = null, isBusy = false, toast = null, typed = {};

  /* Where the window is narrow the buttons stand over the text: other rules are folded, so that it can be read first. */
  var narrow = window.matchMedia("(max-width: 55rem)");

  function card() { return place.querySelector("[data-card]"); }
  function current() { return card() ? card().dataset.card : ""; }
  /* While the next card comes, the old one must take no click and no key. */
  function busy(flag) { isBusy = flag; place.inert = flag; }
  function address(more) {
    return desk.dataset.address + "?" + [desk.dataset.asked, more].filter(Boolean).join("&");
  }
  function fetchCard(more) {
    return fetch(address(more), { credentials: "same-origin" }).then(function (answer) {
      if (answer.status === 204) return "";
      if (!answer.ok || answer.redirected) throw new Error("the desk answered " + answer.status);
      return answer.text();
    });
  }
  function beside() {
    var skip = skipped.concat(sent); // what is sent, but not saved yet, must not come again
    return [current() && "beside=" + current(), skip.length && "skip=" + skip.join(",")].filter(Boolean).join("&");
  }
  function prefetch() {
    next = fetchCard(beside());
    next.catch(function () { next = null; });
  }

  function mark(id) {
    desk.querySelectorAll(".queue [aria-current]").forEach(function (link) { link.removeAttribute("aria-current"); });
    var link = desk.querySelector('[data-entry="' + id + '"] a');
    if (!link) return;
    link.setAttribute("aria-current", "true");
    var list = link.closest(".queue");
    list.scrollTop = link.offsetTop - list.offsetTop - list.clientHeight / 2;
  }
  function show(html) {
    busy(false);
    if (!html && skipped.length) { skipped = []; next = null; goOn(); return; }
    if (!html) { place.replaceChildren(document.getElementById("nothing").content.cloneNode(true)); next = null; return; }
    var others = place.querySelector("details.others"), isOpen = others && others.open;
    place.innerHTML = html;
    fold(isOpen);
    place.dispatchEvent(new CustomEvent("desk:shown", { bubbles: true }));
    mark(current());
    refill();
    reveal();
    place.querySelector("#current-title").focus({ preventScroll: true });
    prefetch();
  }
  /* The text first: where the buttons would stand over its beginning, its title goes to the top. */
  function reveal() {
    var form = place.querySelector("[data-decide]"), text = place.querySelector(".veil, [data-text]");
    var isCovered = form && text && text.getBoundingClientRect().top + 40 > form.getBoundingClientRect().top;
    if (narrow.matches || isCovered) place.querySelector("#current-title").scrollIntoView({ block: "start" });
    else (form || place).scrollIntoView({ block: "nearest" });
  }
  function fold(isOpen) {
    var others = place.querySelector("details.others");
    if (others && (isOpen || narrow.matches)) others.open = !narrow.matches;
  }
  function refill() {
    var kept = typed[current()], form = place.querySelector("[data-decide]");
    if (!kept || !form) return;
    ["note_to_author", "excerpt"].forEach(function (name) { if (form.elements[name]) form.elements[name].value = kept.get(name) || ""; });
    form.querySelector('[data-action="note"]').open = true;
    delete typed[current()];
  }
  function goOn() {
    busy(true);
    (next || fetchCard(beside())).then(show, function () { location.reload(); });
  }
  function load(id) {
    busy(true);
    return fetchCard("comment=" + id).then(show, function () { location.search = "comment=" + id; });
  }
  function count(answer) {
    if (answer.waiting === undefined) return;
    document.querySelectorAll("[data-waiting]").forEach(function (one) { one.textContent = answer.waiting.toLocaleString("en"); });
  }

  function post(url, data) {
    return fetch(url, { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        var isJson = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
        if (!isJson) return { ok: false, said: "It could not be saved: the server answered " + answer.status + ". Nothing was changed." };
        return answer.json().then(function (found) { found.ok = answer.ok; return found; });
      }, function () { return { ok: false, said: "It could not be saved: the server does not answer. Nothing was changed." }; });
  }
  function tell(answer) {
    clearTimeout(toast);
    said.replaceChildren(document.createTextNode(answer.said + " "));
    said.classList.toggle("fresh", Boolean(answer.undo));
    if (!answer.undo) return;
    var button = document.createElement("button"), key = document.createElement("kbd");
    button.type = "button";
    button.className = "second";
    button.dataset.action = "undo";
    button.dataset.undo = answer.undo;
    key.textContent = "u";
    button.append("Undo ", key);
    said.append(button);
    said.dispatchEvent(new CustomEvent("desk:shown", { bubbles: true }));
    toast = setTimeout(function () { said.classList.remove("fresh"); }, 10000);
  }
  function complain(answer, id, data) {
    var line = document.createElement("div"), words = document.createElement("p"), button = document.createElement("button");
    line.className = "notice bad actions";
    words.textContent = answer.said;
    button.type = "button";
    button.className = "second";
    button.textContent = "See the comment again";
    button.addEventListener("click", function () {
      if (data) typed[id] = data;
      line.remove();
      load(id);
    });
    line.append(words, button);
    undone.append(line);
  }

  function decide(form, submitter) {
    var data = new FormData(form, submitter), id = current();
    var latest = document.getElementById("latest"), entry = desk.querySelector('[data-entry="' + id + '"]');
    if (latest) latest.remove();
    before.push(id);
    sent.push(id);
    post(form.action, data).then(function (answer) {
      sent.splice(sent.indexOf(id), 1);
      if (!answer.ok) { complain(answer, id, data); return; }
      if (entry) entry.remove();
      count(answer);
      tell(answer);
    });
    goOn();
  }
  function undo(url) {
    var data = new FormData();
    data.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    busy(true);
    post(url, data).then(function (answer) {
      busy(false);
      count(answer);
      if (!answer.ok) { complain(answer, answer.comment || current()); return; }
      (answer.waits ? load(answer.comment) : Promise.resolve()).then(function () { tell({ said: answer.said }); });
    });
  }

  document.addEventListener("submit", function (event) {
    if (event.target.matches("[data-decide]")) {
      event.preventDefault();
      if (!isBusy && event.submitter) decide(event.target, event.submitter);
    } else if (event.target.matches("[data-undo]")) {
      event.preventDefault();
      event.target.closest("#latest").remove();
      undo(event.target.action);
    }
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-undo]"), link = event.target.closest(".queue a, [data-action=later]");
    if (button) undo(button.dataset.undo);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (isBusy) return;
    if (link.dataset.action) later();
    else { before.push(current()); load(link.closest("[data-entry]").dataset.entry); }
  });
  function later() {
    skipped.push(current());
    before.push(current());
    goOn();
  }
  document.addEventListener("desk:act", function (event) {
    if (isBusy && event.detail !== "help") { event.preventDefault(); return; }
    if (event.detail === "later" && card()) { event.preventDefault(); later(); }
    if (event.detail === "back") { event.preventDefault(); if (before.length) load(before.pop()); }
  });

  /* What is marked in the text is the excerpt. Offsets are code points, as the server counts them. */
  document.addEventListener("selectionchange", function () {
    var chosen = getSelection(), text = place.querySelector("[data-text]"), form = place.querySelector("[data-decide]");
    if (!chosen.rangeCount || chosen.isCollapsed || !text || !form || !form.elements.excerpt) return;
    var range = chosen.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    var lead = document.createRange();
    lead.selectNodeContents(text);
    lead.setEnd(range.startContainer, range.startOffset);
    var words = range.toString(), blanks = words.length - words.trimStart().length;
    if (!words.trim()) return;
    form.elements.excerpt.value = words.trim();
    form.elements.excerpt_start.value = Array.from(lead.toString()).length + blanks;
    form.querySelector('[data-action="note"]').open = true;
  });

  mark(current());
  if (narrow.matches) fold(false);
  else if (card()) reveal();
  prefetch();
})();
