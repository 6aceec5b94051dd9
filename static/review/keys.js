// The numbers by keyboard alone: Enter/↓ next, Shift+Enter/↑ previous, F2 note, Esc back.
(() => {
  "use strict";
  const area = document.getElementById("achievements");
  if (!area) return;
  const rowOf = (node) => node.closest && node.closest("tbody[id^='r-']");
  // What is folded still has a place on the page for the browser, but takes no focus.
  const visible = (node) => node.offsetParent !== null && !node.closest("details:not([open])");
  const fields = () => [...area.querySelectorAll("input.field.n")].filter(visible);

  const move = (from, step) => {
    const all = fields();
    const next = all[all.indexOf(from) + step];
    if (next) {
      next.focus();
      next.select();
    } else if (step > 0) {
      // After the last number comes the next part of the meeting.
      const title = document.querySelector("#raise-form [name=title]");
      if (title) title.focus();
    }
  };
  // A row may have two numbers: a note leads back to the one it was written for.
  const lastNumber = new WeakMap();
  area.addEventListener("focusin", ({ target }) => {
    if (target.matches("input.field.n")) lastNumber.set(rowOf(target), target);
  });
  const numberOf = (row) => {
    const last = lastNumber.get(row);
    return last && row.contains(last) ? last : row.querySelector("input.field.n");
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
      const number = isNumber ? field : numberOf(row);
      if (isNumber || !event.shiftKey) move(number, event.shiftKey ? -1 : 1);
    } else if (isNumber && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "F2") {
      event.preventDefault();
      openNote(row);
    } else if (event.key === "Escape" && !isNumber) {
      numberOf(row).focus();
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
})();
