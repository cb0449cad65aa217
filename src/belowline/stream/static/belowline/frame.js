/* A page in a frame of embed.js: looks as the paper says, and tells the paper its height and what happened. */
(function () {
  "use strict";
  var root = document.documentElement, own = document.currentScript.dataset, config = null;
  if (parent === window) return;
  try { config = JSON.parse(name.slice("belowline:".length)); } catch (error) { /* not one of ours */ }
  if (!config || !config.origin) return;
  var look = config.look || {}, sheet = null, said = "";
  var NAME = /^(accent|accentInk|paper|ink|quiet|line)(Dark)?$|^(sans|serif|font|radius|text)$/;

  function send(type, fields) {
    parent.postMessage(Object.assign({ type: "belowline:" + type }, fields), config.origin);
  }

  /* The colours and fonts come as a sheet from our own server, which checks them: contrast, too. */
  function dress() {
    var query = new URLSearchParams(), site = own.site || look.site;
    if (look.theme === "light" || look.theme === "dark") root.dataset.theme = look.theme;
    else delete root.dataset.theme;
    Object.keys(look).sort().forEach(function (key) {
      if (!NAME.test(key) || !look[key]) return;
      query.set(key.replace(/[A-Z]/g, function (letter) { return "-" + letter.toLowerCase(); }), look[key]);
    });
    if (!site || (!String(query) && own.site && !sheet)) return;
    var next = document.createElement("link");
    next.rel = "stylesheet";
    next.setAttribute("blocking", "render");
    next.href = "/sites/" + encodeURIComponent(site) + "/theme.css?" + query;
    if (sheet && sheet.href === next.href) return;
    var old = sheet;
    if (old) next.onload = function () { old.remove(); };
    document.head.appendChild(sheet = next);
  }

  dress();
  addEventListener("message", function (event) {
    if (event.source !== parent || event.origin !== config.origin) return;
    if (!event.data || event.data.type !== "belowline:look") return;
    Object.assign(look, event.data.look);
    window.name = "belowline:" + JSON.stringify(config);
    dress();
  });

  function tell() {
    var counted = document.querySelector("[data-count]"), outcome = document.querySelector("#outcome[data-comment]");
    if (counted) send("count", { count: Number(counted.dataset.count) });
    if (!outcome || outcome.dataset.comment === said) return;
    said = outcome.dataset.comment;
    send("posted", { comment: Number(said), status: outcome.dataset.status });
  }

  document.addEventListener("DOMContentLoaded", function () {
    new ResizeObserver(function () { send("height", { height: root.offsetHeight }); }).observe(root);
    send("ready", { signedIn: "signedIn" in own });
    tell();
    document.addEventListener("htmx:afterSettle", tell);
  });
})();
