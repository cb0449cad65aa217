/* Belowline: how many comments the stories of a front page have, in one request a site.
   <span data-belowline-count data-story="KEY" data-one="{n} comment" data-other="{n} comments"></span>
   <script src="https://comments.example.org/counts.js" data-site="KEY" async></script> */
(function () {
  "use strict";
  var api = window.Belowline || (window.Belowline = {});
  if (api.counts) { api.counts(); return; }
  var script = document.currentScript || document.querySelector('script[src*="/counts.js"]');
  var home = script ? new URL(script.src, location.href).origin : "", common = script ? script.dataset : {};

  function option(node, name) {
    return node.hasAttribute("data-" + name) ? node.getAttribute("data-" + name) : common[name];
  }

  function write(node, count) {
    var lang = option(node, "lang") || (node.closest("[lang]") || {}).lang || undefined, form, text;
    try { form = new Intl.PluralRules(lang).select(count); } catch (error) { lang = undefined; form = count === 1 ? "one" : "other"; }
    text = count === 0 ? option(node, "zero") : undefined;
    if (text === undefined) text = option(node, form);
    if (text === undefined) text = option(node, "other");
    if (text === undefined) text = "{n}";
    node.textContent = text.replace("{n}", new Intl.NumberFormat(lang).format(count));
    node.setAttribute("data-belowline-count", count);
  }

  function ask(site, nodes) {
    var names = new Set(nodes.map(function (node) {
      return node.dataset.story ? "story=" + encodeURIComponent(node.dataset.story) : "url=" + encodeURIComponent(node.dataset.url);
    }));
    var query = "site=" + encodeURIComponent(site) + "&" + Array.from(names).sort().join("&"), address = home + "/counts.json";
    var long = query.length > 6000;
    var asked = long
      ? fetch(address, { method: "POST", body: new URLSearchParams(query), credentials: "omit" })
      : fetch(address + "?" + query, { credentials: "omit" });
    return asked.then(function (answer) { return answer.ok ? answer.json() : Promise.reject(answer.status); }).then(function (found) {
      nodes.forEach(function (node) {
        var count = found.counts[node.dataset.story || node.dataset.url];
        if (count !== undefined) write(node, count);
      });
    });
  }

  /* Counts what is not counted yet, below `root` or on the whole page; what fails stays as the page has it. */
  function counts(root) {
    var sites = {};
    (root || document).querySelectorAll('[data-belowline-count=""]').forEach(function (node) {
      var site = option(node, "site");
      if (site && (node.dataset.story || node.dataset.url)) (sites[site] = sites[site] || []).push(node);
    });
    return Promise.all(Object.keys(sites).map(function (site) {
      var parts = [];
      while (sites[site].length) parts.push(sites[site].splice(0, 100));
      return Promise.all(parts.map(function (part) { return ask(site, part).catch(function () {}); }));
    }));
  }

  api.counts = counts;
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", function () { counts(); }, { once: true });
  else counts();
})();
