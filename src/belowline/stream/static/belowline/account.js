/* Passkeys: forms with data-passkey ask the device, put its answer into the hidden field, and are sent. */
(function () {
  "use strict";
  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (sign) { return sign.charCodeAt(0); });
  }

  function text(buffer) {
    var raw = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function options(given, create) {
    var found = Object.assign({}, given.publicKey || given);
    found.challenge = bytes(found.challenge);
    if (found.user) found.user = Object.assign({}, found.user, { id: bytes(found.user.id) });
    ["allowCredentials", "excludeCredentials"].forEach(function (name) {
      if (found[name]) found[name] = found[name].map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
    });
    if (create) found.authenticatorSelection = Object.assign({}, found.authenticatorSelection, {
      residentKey: "required", requireResidentKey: true, userVerification: "required"
    });
    return { publicKey: found };
  }

  function answer(credential) {
    var from = credential.response, response = { clientDataJSON: text(from.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (from[name]) response[name] = text(from[name]);
    });
    if (from.getTransports) response.transports = from.getTransports();
    return JSON.stringify({
      type: credential.type, id: credential.id, rawId: text(credential.rawId), response: response,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults()
    });
  }

  async function wanted(form) {
    if (form.dataset.passkey !== "login") return JSON.parse(document.getElementById("js_data").textContent);
    var reply = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error("no options");
    return reply.json();
  }

  async function ask(form) {
    var given = await wanted(form);
    if (form.dataset.passkey === "create") return navigator.credentials.create(options(given.creation_options, true));
    return navigator.credentials.get(options(given.request_options, false));
  }

  var policy = document.permissionsPolicy || document.featurePolicy;
  function mayAsk(form) {
    var feature = "publickey-credentials-" + (form.dataset.passkey === "create" ? "create" : "get");
    return window.PublicKeyCredential && (window.parent === window || !policy || policy.allowsFeature(feature));
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    form.hidden = !mayAsk(form);
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      var failed = form.querySelector("[data-failed]");
      failed.textContent = "";
      try {
        form.elements.credential.value = answer(await ask(form));
        form.submit();
      } catch (error) {
        failed.textContent = failed.dataset.failed;
      }
    });
  });
  document.querySelectorAll("[data-needs-passkeys]").forEach(function (node) { node.hidden = !window.PublicKeyCredential; });

  /* In a frame other providers open a window of their own; when the reader is back here, look who is signed in. */
  document.querySelectorAll("form[data-elsewhere]").forEach(function (form) {
    form.addEventListener("submit", function () {
      document.addEventListener("visibilitychange", function () { if (!document.hidden) location.reload(); });
    });
  });
})();
