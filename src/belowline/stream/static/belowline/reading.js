/* Reading with comfort: threads fold, muted commenters are hidden, what is new is marked, and news are announced. */
(function () {
  "use strict";
  var section = document.querySelector(".discussion[data-story]");
  if (!section) return;
  var words = section.dataset, key = "belowline:" + words.story;
  function fill(text, n) { return text.replace("%s", n.toLocaleString(document.documentElement.lang)); }
  function make(tag, name, text) {
    var node = document.createElement(tag);
    node.className = name;
    node.textContent = text;
    return node;
  }

  /* Last visit: on this device only. A visit ends after half an hour without a page of it. */
  var visit = { since: 0, seen: 0, at: 0 };
  function remember() {
    try { localStorage.setItem(key, JSON.stringify(visit)); } catch (error) { /* storage is shut in this frame */ }
  }
  function recall() {
    try { Object.assign(visit, JSON.parse(localStorage.getItem(key))); } catch (error) { /* as above */ }
    if (Date.now() - visit.at > 1800000) visit.since = visit.seen;
    visit.at = Date.now();
  }

  function times(root) {
    root.querySelectorAll(".comment .when time").forEach(function (time) {
      var written = Date.parse(time.dateTime), comment = time.closest(".comment");
      if (visit.since && written > visit.since && !comment.classList.contains("unread")) {
        comment.classList.add("unread");
        time.closest(".when").appendChild(make("span", "new", words.new));
      }
      if (written > visit.seen) visit.seen = written;
    });
    remember();
    var count = section.querySelectorAll(".comment.unread").length, next = section.querySelector("[data-next-unread]");
    if (next && count) {
      next.hidden = false;
      next.textContent = fill(words.unread, count);
    }
  }

  function nextUnread() {
    var all = Array.from(section.querySelectorAll(".comment.unread"));
    var at = all.indexOf(document.activeElement);
    var comment = all[(at + 1) % all.length];
    if (!comment) return;
    for (var node = comment; node !== section; node = node.parentNode) {
      if (node.localName === "details") node.open = true;
      if (node.classList.contains("folded")) fold(node, false);
    }
    comment.tabIndex = -1;
    comment.focus({ preventScroll: true });
    comment.scrollIntoView({ block: "center" });
  }

  function fold(thread, folded) {
    var button = thread.querySelector(":scope > .fold");
    thread.classList.toggle("folded", folded);
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? "+" : "−";
  }
  function folding(root) {
    root.querySelectorAll(".comments > .thread").forEach(function (thread) {
      var who = thread.querySelector(".comment .who");
      if (!who || thread.querySelector(":scope > details") || !thread.querySelector(".replies") || thread.querySelector(".fold")) return;
      var button = make("button", "fold", "−");
      button.type = "button";
      button.setAttribute("aria-expanded", "true");
      button.setAttribute("aria-label", words.fold.replace("%s", who.textContent));
      button.addEventListener("click", function () { fold(thread, !thread.classList.contains("folded")); });
      thread.insertBefore(button, thread.firstChild);
    });
  }

  function muting(root) {
    var holder = root.closest("[data-mine]") || root.querySelector("[data-mine]");
    if (!holder) return;
    JSON.parse(holder.dataset.mine).muted.forEach(function (author) {
      section.querySelectorAll('.comment[data-author="' + author + '"]').forEach(function (comment) {
        if (comment.classList.contains("muted")) return;
        comment.classList.add("muted");
        var button = make("button", "plain unmuted", words.muted);
        button.type = "button";
        button.addEventListener("click", function () {
          comment.classList.remove("muted");
          button.remove();
        });
        comment.insertBefore(button, comment.firstChild);
      });
    });
  }

  /* News: a tiny address, asked for ever more seldom, and never while nobody looks. */
  var notice = section.querySelector("[data-news]"), known = Number(words.count), wait = 20000, timer;
  function later() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, wait);
  }
  function ask() {
    fetch(words.state, { cache: "no-cache" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (state) {
      var more = state.comments - known;
      if (more > 0) {
        notice.querySelector("a").textContent = fill(words.newsText, more);
        notice.hidden = false;
      }
      wait = Math.min(wait * 1.3, 300000);
    }).catch(function () {
      wait = Math.min(wait * 2, 600000);
    }).then(later);
  }
  if (notice) {
    document.addEventListener("visibilitychange", function () {
      wait = 20000;
      if (document.hidden) clearTimeout(timer);
      else ask();
    });
    later();
  }

  function ready(root) { folding(root); muting(root); times(root); }
  recall();
  ready(section);
  section.addEventListener("click", function (event) {
    if (event.target.closest("[data-next-unread]")) nextUnread();
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (section.contains(event.target)) ready(event.target);
  });
})();
