/* Comfort for writing: drafts on this device, counting, preview, quoting, recommending in place, the time left. */
(function () {
  "use strict";
  var root = document.documentElement, quote = null, offer = null;

  /* Reads, writes (a text) or removes (an empty one) what the device keeps; where it keeps nothing, so be it. */
  function kept(store, key, text) {
    try {
      if (text === undefined) return window[store].getItem(key) || "";
      if (text) window[store].setItem(key, text);
      else window[store].removeItem(key);
    } catch (error) { /* switched off, or full */ }
    return "";
  }

  function compose(form) {
    var text = form.querySelector("textarea"), counter = form.querySelector("[data-counter]");
    var draft = form.querySelector("[data-draft]"), limit = Number(text.dataset.limit);
    var key = form.dataset.draftKey && "belowline-draft:" + form.dataset.draftKey;
    function changed() {
      var left = limit - Array.from(text.value).length;
      counter.textContent = left < 300 ? counter.dataset.label + " " + new Intl.NumberFormat(root.lang).format(left) : "";
      counter.classList.toggle("over", left < 0);
      if (key) kept("localStorage", key, text.value);
    }
    if (key && !text.value && (text.value = kept("localStorage", key))) draft.hidden = false;
    var place = form.closest("[data-reply-place]");
    if (quote && place && place.id === quote.place) {
      text.value += (text.value.trim() ? "\n\n" : "") + quote.text + "\n\n";
      quote = null;
    }
    text.addEventListener("input", function () { closePreview(form); changed(); });
    changed();
    form.querySelector("[data-discard]").addEventListener("click", function () {
      text.value = "";
      draft.hidden = true;
      changed();
      text.focus();
    });
    form.addEventListener("submit", function (event) {
      if (event.submitter && event.submitter.dataset.preview !== undefined) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      if (key) kept("sessionStorage", "belowline-sent", key);
      var button = event.submitter || form.querySelector("button[type=submit]");
      button.setAttribute("aria-disabled", "true");
      button.textContent = form.dataset.sending;
    });
  }

  function closePreview(form) {
    form.querySelector("[data-preview-place]").textContent = "";
    form.querySelector("[data-preview]").setAttribute("aria-expanded", "false");
  }

  function countDown(node) {
    var until = Date.now() + 1000 * (node.dataset.seconds || node.dataset.wait);
    var timer = setInterval(function () {
      var left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      if (node.dataset.seconds) node.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
      if (left && node.isConnected) return;
      clearInterval(timer);
      if (node.dataset.ready) node.textContent = node.dataset.ready;
    }, 1000);
  }

  function press(link, recommended, count) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-pressed", String(recommended));
    if (count !== undefined) link.querySelector("b").textContent = count || "";
  }

  function recommend(event, link) {
    var token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (!token) return;
    event.preventDefault();
    if (link.dataset.asking) return;
    link.dataset.asking = "yes";
    fetch(link.href, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token.value },
      body: new URLSearchParams(link.getAttribute("aria-pressed") === "true" ? { withdraw: "1" } : {})
    }).then(function (answer) {
      if (!answer.ok) throw answer;
      return answer.json();
    }).then(function (told) {
      document.querySelectorAll('[data-recommend="' + link.dataset.recommend + '"]').forEach(function (each) {
        press(each, told.recommended, told.count);
      });
    }).catch(function () { location.href = link.href; }).finally(function () { delete link.dataset.asking; });
  }

  /* What is selected within one comment that can be answered: its reply link and the words. */
  function selected() {
    var chosen = getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.toString().trim()) return null;
    var node = chosen.getRangeAt(0).commonAncestorContainer;
    var text = (node.nodeType === 1 ? node : node.parentElement).closest(".comment .text");
    var link = text && text.closest("article").querySelector("footer [hx-target^='#reply-']");
    return link && { link: link, text: text, range: chosen.getRangeAt(0), words: chosen.toString().trim() };
  }

  function quoteIn(found) {
    var id = found.link.getAttribute("hx-target").slice(1), open = document.querySelector("#" + id + " textarea");
    var words = found.words.split(/\n+/).map(function (line) { return "> " + line.trim(); }).join("\n");
    quote = { place: id, text: words };
    if (!open) return;
    open.value += (open.value.trim() ? "\n\n" : "") + words + "\n\n";
    quote = null;
    open.dispatchEvent(new Event("input"));
    open.focus();
  }

  function offerQuote() {
    var label = document.querySelector("[data-quote]"), found = label && selected();
    if (!found) {
      if (offer && document.activeElement !== offer) offer.remove();
      return;
    }
    if (!offer) {
      offer = document.createElement("button");
      offer.type = "button";
      offer.className = "quote-offer";
      offer.textContent = label.dataset.quote;
      offer.addEventListener("pointerdown", function (event) { event.preventDefault(); });
      offer.addEventListener("click", function () {
        var now = selected() || offer.found, isOpen = document.querySelector(now.link.getAttribute("hx-target") + " textarea");
        offer.remove();
        quoteIn(now);
        if (!isOpen) now.link.click();
      });
    }
    offer.found = found;
    found.text.after(offer);
    var box = found.range.getBoundingClientRect(), around = offer.offsetParent.getBoundingClientRect();
    offer.style.top = box.bottom - around.top + 6 + "px";
    offer.style.left = Math.max(0, Math.min(box.left - around.left, around.width - offer.offsetWidth)) + "px";
  }

  document.addEventListener("click", function (event) {
    var target = event.target.closest && event.target.closest("a, button");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    var place;
    if (target.dataset.recommend) recommend(event, target);
    else if (target.dataset.preview !== undefined && target.getAttribute("aria-expanded") === "true") {
      closePreview(target.form);
      event.preventDefault();
      event.stopPropagation();
    } else if (target.matches(".more") && (place = document.querySelector(target.getAttribute("hx-target"))) && place.firstChild) {
      place.textContent = "";
      event.preventDefault();
      event.stopPropagation();
    } else if (target.dataset.copy !== undefined && navigator.clipboard) {
      event.preventDefault();
      navigator.clipboard.writeText(target.href).then(function () {
        target.textContent = target.dataset.copied;
      }, function () { location.href = target.href; });
    } else if (target.dataset.cancel !== undefined && (place = target.closest("[data-reply-place]"))) {
      event.preventDefault();
      place.textContent = "";
      var link = document.querySelector('[hx-target="#' + place.id + '"]');
      if (link) link.focus();
    } else if (target.matches("[hx-target^='#reply-']") && (place = selected()) && place.link === target) quoteIn(place);
  }, true);

  function ready(part) {
    part.querySelectorAll("form[data-composer]").forEach(function (form) {
      if (form.dataset.composer) return;
      form.dataset.composer = "ready";
      compose(form);
    });
    part.querySelectorAll("[data-seconds], [data-wait]").forEach(countDown);
    var own = (part.closest && part.closest("[data-mine]")) || document.querySelector("[data-mine]");
    JSON.parse((own && own.dataset.mine) || "{}").recommended?.forEach(function (id) {
      part.querySelectorAll('[data-recommend="' + id + '"]:not([aria-pressed])').forEach(function (link) { press(link, true); });
    });
  }

  if (document.getElementById("outcome")) kept("localStorage", kept("sessionStorage", "belowline-sent"), "");
  ready(document);
  document.addEventListener("selectionchange", offerQuote);
  addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
  document.addEventListener("htmx:afterSettle", function (event) {
    var place = event.target;
    ready(place);
    if (place.matches("[data-preview-place]")) place.closest("form").querySelector("[data-preview]").setAttribute("aria-expanded", "true");
    var first = place.matches("[data-reply-place]") ? place.querySelector("textarea") : place.matches("[data-more-place]") && place.querySelector("a");
    if (!first) return;
    first.focus();
    if (first.value) first.setSelectionRange(first.value.length, first.value.length);
  });
})();
