// Several cells of a spreadsheet never become one number. A browser would turn their line breaks
// into blanks; here a block fills the fields it fits (static/review/paste.js) or is refused whole.
(() => {
  "use strict";
  const BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
  const isNumber = (field) => field.matches && field.matches("input.field.n, input[inputmode='numeric']");
  const isBlank = (row) => row.every((cell) => !cell);

  // Rows of cells, without the blank ones at the end that spreadsheets add.
  const cells = (text) => {
    const rows = text.split(BREAK).map((row) => row.split("\t").map((cell) => cell.trim()));
    while (rows.length > 1 && isBlank(rows[rows.length - 1])) rows.pop();
    const width = Math.max(...rows.map((row) => row.findLastIndex(Boolean) + 1), 1);
    return rows.map((row) => [...row, ...Array(width).fill("")].slice(0, width));
  };

  // What stood in a field when it was entered comes back when a block is refused.
  const held = new WeakMap();
  document.addEventListener("focusin", ({ target }) => {
    if (isNumber(target)) held.set(target, target.value);
  });
  pantau.held = (field) => (held.has(field) ? held.get(field) : field.value);
  const say = (field, text) => {
    quiet(field);
    const error = document.createElement("span");
    error.className = "err";
    error.id = `cells-${field.id}`;
    error.dataset.local = "";
    error.setAttribute("role", "alert");
    error.textContent = text;
    (field.closest(".pair") || field).after(error);
  };
  const quiet = (field) => {
    const old = document.getElementById(`cells-${field.id}`);
    if (old) old.remove();
  };
  const refuse = (field, text) => {
    if (field.value !== pantau.held(field)) {
      field.value = pantau.held(field);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    say(field, text);
  };
  const take = (event, field, text) => {
    if (!isNumber(field) || !text) return;
    const rows = cells(text);
    if (rows.length === 1 && rows[0].length === 1) return; // one cell: as if typed
    event.preventDefault();
    quiet(field);
    const sentence = pantau.takeBlock ? pantau.takeBlock(field, rows) : null;
    const number = String(rows.length * rows[0].length);
    if (sentence !== "") refuse(field, sentence || document.body.dataset.sayCells.replace("{n}", number));
  };

  document.addEventListener("paste", (event) => {
    if (event.clipboardData) take(event, event.target, event.clipboardData.getData("text/plain"));
  });
  document.addEventListener("drop", (event) => {
    if (event.dataTransfer) take(event, event.target, event.dataTransfer.getData("text/plain"));
  });
  // Clipboards of keyboards on phones write without pasting.
  document.addEventListener("beforeinput", (event) => take(event, event.target, event.data));
  document.addEventListener("input", ({ target }) => isNumber(target) && quiet(target));
})();
