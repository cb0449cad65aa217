/* Belowline: puts the comments of a story on the paper's page. No dependency.
   <div data-belowline data-site="KEY" data-story="KEY"></div>
   <script src="https://comments.example.org/embed.js" async></script> */
(function () {
  "use strict";
  var script = document.currentScript || document.querySelector('script[src*="embed.js"]');
  var origin = new URL(script.src, location.href).origin;
  var frames = [];

  function canonical() {
    var link = document.querySelector('link[rel="canonical"]');
    return (link && link.href) || location.href.split("#")[0];
  }

  function mount(place) {
    if (place.getAttribute("data-belowline") === "ready") return;
    place.setAttribute("data-belowline", "ready");
    var query = new URLSearchParams({ site: place.dataset.site || "" });
    if (place.dataset.story) query.set("story", place.dataset.story);
    query.set("url", place.dataset.url || canonical());
    var frame = document.createElement("iframe");
    frame.src = origin + "/embed/?" + query;
    frame.title = place.dataset.title || "Comments";
    frame.loading = "lazy";
    frame.style.cssText = "display:block;width:100%;border:0;min-height:20rem";
    place.textContent = "";
    place.appendChild(frame);
    frames.push(frame);
  }

  addEventListener("message", function (event) {
    if (event.origin !== origin || !event.data || event.data.type !== "belowline:height") return;
    frames.forEach(function (frame) {
      if (frame.contentWindow !== event.source) return;
      var height = Math.min(Math.max(0, Number(event.data.height) || 0), 200000);
      frame.style.height = height + "px";
    });
  });

  function start() {
    document.querySelectorAll("[data-belowline]").forEach(mount);
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
