// The review form: keys, states of saving, focus. Every row also works as a plain form.
(() => {
  "use strict";
  const area = document.getElementById("achievements");
  const state = document.getElementById("save-state");
  const mirror = document.getElementById("save-state-m");
  if (!area || !state) return;
  const RETRY_MS = 15000;
  const busy = new Set(); // rows on their way
  const failed = new Set(); // rows the server has not got yet
  let goTo = null;

  const say = (text) => {
    for (const line of [state, mirror]) if (line) line.textContent = text;
  };
  const rowOf = (node) => node.closest && node.closest("tbody[id^='r-']");
  const visible = (node) => node.offsetParent !== null;
  const fields = () => [...area.querySelectorAll("input.field.n")].filter(visible);

  const move = (from, step) => {
    const all = fields();
    const next = all[all.indexOf(from) + step];
    if (next) {
      next.focus();
      next.select();
    }
  };
  const openNote = (row) => {
    const line = row.querySelector(".note-row");
    const button = row.querySelector("[data-note]");
    line.hidden = false;
    button.setAttribute("aria-expanded", "true");
    line.querySelector(".wrap input").focus();
  };

  area.addEventListener("keydown", (event) => {
    const field = event.target;
    const row = rowOf(field);
    if (!row || !field.matches("input.field") || event.isComposing) return;
    const isNumber = field.classList.contains("n");
    if (event.key === "Enter") {
      event.preventDefault(); // otherwise the whole form would be sent
      const number = isNumber ? field : row.querySelector("input.field.n");
      if (isNumber || !event.shiftKey) move(number, event.shiftKey ? -1 : 1);
    } else if (isNumber && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "F2") {
      event.preventDefault();
      openNote(row);
    } else if (event.key === "Escape" && !isNumber) {
      row.querySelector("input.field.n").focus();
    }
  });

  area.addEventListener("click", (event) => {
    const button = event.target.closest("[data-note]");
    if (!button) return;
    event.preventDefault();
    const row = rowOf(button);
    const line = row.querySelector(".note-row");
    if (line.hidden) {
      openNote(row);
    } else if (!line.querySelector(".wrap input").value && !line.querySelector(".conflict")) {
      line.hidden = true;
      button.setAttribute("aria-expanded", "false");
    } else {
      line.querySelector(".wrap input").focus();
    }
  });

  const mark = (row) => {
    const wrong = new Set([...row.querySelectorAll(".err[data-field]")].map((e) => e.dataset.field));
    for (const [name, prefix] of [["numerator", "n-"], ["denominator", "d-"], ["note", "note-"]]) {
      const field = row.querySelector(`input[id^="${prefix}"]`);
      if (!field) continue;
      if (wrong.has(name)) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  };

  // Signing in again in another tab renews the token; the page's own one is old then.
  document.body.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (token) event.detail.headers["X-CSRFToken"] = token[1];
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const row = rowOf(event.detail.elt);
    if (row) busy.add(row);
    if (row || event.detail.elt.closest("#conclusion, #carried")) say(state.dataset.saving);
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = event.detail;
    const row = rowOf(elt);
    const status = xhr ? xhr.status : 0;
    const isLost = status === 0 || status >= 500;
    const scope = row || elt.closest("#conclusion, #carried");
    if (!scope) return;
    if (isLost) say(state.dataset.failed);
    else if (status === 401) say(state.dataset.expired);
    else if (status === 403 || status === 404) say(state.dataset.forbidden);
    if (!row) return;
    busy.delete(row);
    if (isLost || status === 401) failed.add(row);
    else failed.delete(row);
    mark(row);
    const panel = row.querySelector(".conflict");
    if (panel && status === 409) {
      row.querySelector(".note-row").hidden = false;
      panel.focus();
    } else if (elt !== row && status === 200) {
      row.querySelector("input.field.n").focus(); // the panel with the focus is gone
    }
    if (goTo && !busy.size) {
      if (failed.size) goTo = null;
      else location.assign(goTo);
    }
  });

  const retry = () => {
    for (const row of failed) if (!busy.has(row)) window.htmx.trigger(row, "change");
  };
  window.addEventListener("online", retry);
  setInterval(retry, RETRY_MS);

  // Leaving waits for what is on its way.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-after-saving]");
    if (!link || !(busy.size || failed.size)) return;
    event.preventDefault();
    goTo = link.href;
    retry();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!goTo && failed.size) {
      event.preventDefault();
      event.returnValue = state.dataset.leave;
    }
  });
  for (const row of area.querySelectorAll("tbody[id^='r-']")) mark(row);
})();
