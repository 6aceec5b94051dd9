/* Small helps for every page. Nothing here is needed to use the site. */
(function () {
  "use strict";

  /* Copy buttons: <button data-copy="#id">. Without script the text can be selected by hand. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    var source = document.querySelector(button.dataset.copy);
    if (!source) return;
    event.preventDefault();
    navigator.clipboard.writeText(source.textContent.trim()).then(function () {
      announce(button.dataset.done || "");
    });
  });

  /* One persistent status region for short news. */
  function announce(text) {
    var region = document.getElementById("announce");
    if (region) region.textContent = text;
  }

  /* Selects that only change what is shown send their form at once. */
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-submit-on-change")) form.requestSubmit();
  });

  /* A form is sent once: a second tap on a slow line must not send it again. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.addEventListener("pageshow", function () {
      delete form.dataset.sent;
    });
  });

  /* A signed-out answer to a background request leads back to the sign-in page. */
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status >= 500) announce(document.body.dataset.failed || "");
  });
  document.addEventListener("htmx:sendError", function () {
    announce(document.body.dataset.offline || "");
  });
})();
