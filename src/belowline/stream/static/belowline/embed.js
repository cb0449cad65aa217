/* Belowline: puts the comments of a story on the paper's page. No dependency. docs/reference/embed.md describes it.
   <div data-belowline data-site="KEY" data-story="KEY"></div>
   <script src="https://comments.example.org/embed.js" async></script> */
(function () {
  "use strict";
  var api = window.Belowline || (window.Belowline = {});
  if (api.mount) { api.mount(); return; }
  var script = document.currentScript || document.querySelector('script[src*="/embed.js"]');
  var home = script ? new URL(script.src, location.href).origin : "";
  var places = new Map(), handlers = {}, number = 0, signedIn = false, token;

  function canonical() {
    var link = document.querySelector('link[rel="canonical"]');
    return (link && link.href) || location.href.split("#")[0];
  }

  function address(origin, options) {
    var query = new URLSearchParams();
    function add(name, value) { if (value) query.set(name, value); }
    add("lang", options.lang);
    if (options.comment) return origin + "/comments/" + encodeURIComponent(options.comment) + "/embed/?" + query;
    add("site", options.site);
    add("story", options.story);
    add("url", options.url || canonical());
    add("order", options.order);
    return origin + "/embed/?" + query;
  }

  function emit(name, detail) {
    (handlers[name] || []).slice().forEach(function (fn) {
      try { fn(detail); } catch (error) { setTimeout(function () { throw error; }); }
    });
  }

  /* Light or dark, where the page at this place is not as the reader's system: a light page stays light at night. */
  function shade(place) {
    var system = matchMedia("(prefers-color-scheme: dark)").matches, found = system;
    var meta = document.querySelector("meta[name=color-scheme]"), node, parts;
    var scheme = getComputedStyle(place).colorScheme + (meta ? meta.content : "");
    if (!/dark/.test(scheme)) found = false; else if (!/light/.test(scheme)) found = true;
    for (node = place; node; node = node.parentElement) {
      parts = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)/.exec(getComputedStyle(node).backgroundColor);
      if (!parts) { found = system; break; }
      if (parts[4] === undefined || parts[4] > 0.5) { found = parts[1] * 0.3 + parts[2] * 0.59 + parts[3] * 0.11 < 128; break; }
    }
    return found === system ? undefined : found ? "dark" : "light";
  }

  function find(place) { return typeof place === "string" ? document.querySelector(place) : place; }

  /* Without an element: every place on the page that is empty yet. With one: that place, anew if it shows something. */
  function mount(place, given) {
    if (place === undefined) {
      document.querySelectorAll("[data-belowline],[data-belowline-comment]").forEach(function (node) {
        if (!places.has(node)) mount(node);
      });
      return;
    }
    place = find(place);
    if (!place) return;
    unmount(place);
    var options = Object.assign({ comment: place.dataset.belowlineComment }, place.dataset, given);
    options.theme = options.theme || shade(place);
    var origin = options.server ? new URL(options.server, location.href).origin : home;
    var frame = document.createElement("iframe"), low = options.comment ? "9rem" : "100vh";
    /* Its name tells the frame who asks, and how it shall look: at once, on every page that it leads to, not to servers. */
    frame.name = "belowline:" + JSON.stringify({ n: ++number, origin: location.origin, look: options });
    frame.title = options.title || (options.comment ? "Comment" : "Comments");
    frame.allow = "publickey-credentials-get; publickey-credentials-create";
    frame.loading = options.loading || "lazy";
    /* Room at once for what will come: nothing that the reader sees moves. */
    frame.style.cssText = "display:block;width:100%;border:0;height:" + (Number(options.height) ? Number(options.height) + "px" : low);
    frame.src = address(origin, options);
    if (!places.size) addEventListener("message", receive);
    places.set(place, { frame: frame, origin: origin, comment: options.comment, kept: [].slice.call(place.childNodes) });
    place.replaceChildren(frame);
    if (token) login(token);
    return frame;
  }

  function unmount(place) {
    place = find(place);
    var entry = places.get(place);
    if (!entry) return;
    places.delete(place);
    if (entry.frame.parentNode === place) place.replaceChildren.apply(place, entry.kept);
    if (!places.size) removeEventListener("message", receive);
  }

  /* A place that a single-page site took away is forgotten. */
  function each(fn) {
    places.forEach(function (entry, place) {
      if (entry.frame.isConnected) fn(entry, place); else unmount(place);
    });
  }

  function receive(event) {
    var data = event.data || {}, name = String(data.type).split("belowline:")[1];
    if (name) each(function (entry, place) {
      if (entry.frame.contentWindow === event.source && entry.origin === event.origin) hear(entry, place, name, data);
    });
  }

  function hear(entry, place, name, data) {
    if (name === "height") grow(entry.frame, Math.min(Math.max(0, Number(data.height) || 0), 200000));
    if (name === "ready") {
      entry.ready = true;
      if (entry.look) tell(entry);
      if (!entry.comment) noteSession(entry, Boolean(data.signedIn));
    }
    emit(name, Object.assign({}, data, { type: name, element: place }));
  }

  function grow(frame, height) {
    /* It shrinks under the reader's eyes only where the reader did something in it. */
    if (document.activeElement !== frame)
      height = Math.max(height, Math.min(frame.offsetHeight, innerHeight - frame.getBoundingClientRect().top));
    frame.style.height = height + "px";
  }

  function noteSession(entry, now) {
    entry.signedIn = now;
    if (now === signedIn) return;
    signedIn = now;
    each(function (other) { if (other.signedIn === !now) other.frame.src = other.frame.src; });
    emit(now ? "login" : "logout", { type: now ? "login" : "logout" });
  }

  /* The frame itself is led through the server's door: its cookies are its own. */
  function send(path, fields) {
    var entry;
    each(function (one) { if (!one.comment) entry = entry || one; });
    if (!entry) return false;
    var form = document.createElement("form");
    fields.next = entry.frame.src.slice(entry.origin.length);
    form.method = "post";
    form.action = entry.origin + path;
    form.target = entry.frame.name;
    form.hidden = true;
    Object.keys(fields).forEach(function (name) {
      var field = document.createElement("input");
      field.name = name;
      field.value = fields[name];
      form.appendChild(field);
    });
    document.body.appendChild(form);
    form.submit();
    form.remove();
    return true;
  }

  function login(given) { token = send("/sso/", { token: given }) ? "" : given; }
  function logout() { token = ""; send("/sso/logout/", {}); }

  /* Once more with each page: one that is still loading does not hear it. */
  function restyle(look) {
    each(function (entry) {
      entry.look = Object.assign(entry.look || {}, look);
      if (entry.ready) tell(entry);
    });
  }

  function tell(entry) { entry.frame.contentWindow.postMessage({ type: "belowline:look", look: entry.look }, entry.origin); }

  function on(name, fn) { (handlers[name] = handlers[name] || []).push(fn); }
  function off(name, fn) { handlers[name] = (handlers[name] || []).filter(function (one) { return fn && one !== fn; }); }

  Object.assign(api, { mount: mount, unmount: unmount, login: login, logout: logout, restyle: restyle, on: on, off: off });
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", function () { mount(); }, { once: true });
  else mount();
})();
