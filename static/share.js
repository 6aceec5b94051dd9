/* Copy and share buttons of a week. Without script the text is selected and the picture saved by
   hand; the buttons appear only where the browser can do what they say. */
(function () {
  "use strict";
  var form = document.getElementById("share");
  if (!form) return;
  var box = document.querySelector(form.dataset.text);
  var copy = form.querySelector("[data-copy-text]");
  var share = form.querySelector("[data-share]");
  var picture = null;

  function announce(text) {
    var region = document.getElementById("announce");
    if (region) region.textContent = text;
  }

  /* A line in the report's ledger; sharing does not wait for it. */
  function note() {
    var data = new FormData(form);
    data.append("fetch", "1");
    fetch(form.action, { method: "POST", body: data, keepalive: true }).catch(function () {});
  }

  function select() {
    box.focus();
    box.select();
    box.setSelectionRange(0, box.value.length);
  }

  /* Pages without https have no clipboard of their own: the old way, else the hand. */
  function copyByHand() {
    select();
    var done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    announce(done ? form.dataset.copied : form.dataset.selected);
    if (done) note();
  }

  copy.hidden = false;
  copy.addEventListener("click", function () {
    if (!navigator.clipboard) {
      copyByHand();
      return;
    }
    navigator.clipboard.writeText(box.value).then(function () {
      announce(form.dataset.copied);
      note();
    }, copyByHand);
  });

  if (!navigator.share) return;
  share.hidden = false;

  /* Fetched before the tap: a browser shares only at once after one. */
  fetch(form.dataset.picture, { credentials: "same-origin" })
    .then(function (answer) {
      return answer.ok ? answer.blob() : null;
    })
    .then(function (blob) {
      if (blob) picture = new File([blob], form.dataset.name, { type: "image/png" });
    })
    .catch(function () {});

  share.addEventListener("click", function () {
    var parcel = { text: box.value };
    if (picture && navigator.canShare && navigator.canShare({ files: [picture] })) {
      parcel.files = [picture];
    }
    navigator.share(parcel).then(note, function (error) {
      if (error.name !== "AbortError") copyByHand();
    });
  });
})();
