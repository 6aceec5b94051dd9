// A block of cells fills the fields below and to the right, each shown with what stood there
// before, and one step takes all of it back. A block that does not fit is refused whole.
(() => {
  "use strict";
  const area = document.getElementById("achievements");
  const here = document.getElementById("draft");
  if (!area || !here || !here.hasAttribute("data-open")) return;
  // As the server reads a count: 1284 or 1.284, at most seven digits.
  const COUNT = /^(?:\d{1,12}|\d{1,3}(?:\.\d{3})+)$/;
  const LARGEST = 9999999;
  const words = here.dataset;
  const rowOf = (field) => field.closest("tbody[data-save]");
  const numbersIn = (row) => [...row.querySelectorAll("input.field.n")];
  const isCount = (cell) => COUNT.test(cell) && Number(cell.replaceAll(".", "")) <= LARGEST;
  let last = null; // the newest block, as long as nothing was typed after it

  // [field, cell] of a block that fits, else null.
  const fitted = (field, cells) => {
    const rows = [...area.querySelectorAll("tbody[data-save]")];
    const first = rows.indexOf(rowOf(field));
    const column = numbersIn(rowOf(field)).indexOf(field);
    const pairs = cells.flatMap((line, down) => {
      const numbers = rows[first + down] ? numbersIn(rows[first + down]) : [];
      return line.map((cell, right) => [numbers[column + right], cell]);
    });
    return pairs.every(([target]) => target) ? pairs : null;
  };

  // [count, denominator] of a row whose count would be the larger: the server would refuse that row
  // alone, and a part of the block would be saved.
  const tooLarge = (after) => {
    const number = (field) => {
      const text = after.has(field) ? after.get(field) : field.value;
      return isCount(text.trim()) ? Number(text.replaceAll(".", "")) : null;
    };
    const rows = [...new Set([...after.keys()].map(rowOf))].map((row) => numbersIn(row).map(number));
    return rows.find(([count, whole]) => count !== null && typeof whole === "number" && count > whole);
  };

  const marked = (row) => row.querySelector("[data-was]");
  const mark = (row, befores) => {
    const old = marked(row);
    if (old) old.remove();
    const text = document.createElement("span");
    text.className = "sub pasted";
    text.dataset.was = "";
    text.dataset.local = "";
    text.textContent = words.pasted.replace("{before}", befores.map((before) => before || "–").join(" / "));
    row.querySelector(".pair").after(text);
  };
  const write = (changes) => {
    for (const { field, after } of changes) field.value = after;
    // One entry a row: the first of its fields stands for all (static/review/form.js).
    for (const row of new Set(changes.map(({ field }) => rowOf(field)))) {
      const { field } = changes.find((change) => rowOf(change.field) === row);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  const undo = (block) => {
    block.bar.remove();
    last = null;
    // What was typed over the block since stays.
    const own = block.changes.filter(({ field, after }) => field.isConnected && field.value === after);
    write(own.map(({ field, before }) => ({ field, after: before })));
    for (const { field } of block.changes) {
      field.classList.remove("pasted");
      const text = marked(rowOf(field));
      if (text) text.remove();
    }
    document.getElementById("announce").textContent = words.undone;
    block.changes[0].field.focus();
  };
  const offer = (field, changes, empty) => {
    const bar = document.createElement("div");
    bar.className = "pasted-bar";
    bar.dataset.local = "";
    const text = document.createElement("span");
    text.setAttribute("role", "status");
    text.textContent = words.filled.replace("{n}", changes.length) + (empty ? ` ${words.leftOut}` : "");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = words.undo;
    bar.append(text, button);
    const old = rowOf(field).querySelector(".pasted-bar");
    if (old) old.remove();
    field.closest(".pair").after(bar);
    last = { changes, bar };
    const block = last;
    button.addEventListener("click", () => undo(block));
  };

  // Takes a block; the sentence to show when it is refused, else "". Null: not a field of the review.
  pantau.takeBlock = (field, cells) => {
    if (!area.contains(field) || !rowOf(field)) return null;
    const size = (text) => text.replace("{rows}", cells.length).replace("{columns}", cells[0].length);
    const wrong = cells.flat().find((cell) => cell && !isCount(cell));
    if (wrong) return size(words.notNumber).replace("{cell}", wrong.slice(0, 40));
    const pairs = fitted(field, cells);
    if (!pairs) return size(words.noFit);
    const given = pairs.filter(([, cell]) => cell);
    const larger = tooLarge(new Map(given));
    if (larger) return words.larger.replace("{count}", larger[0]).replace("{whole}", larger[1]);
    // The field in use may have been emptied for the block: what stood there before counts.
    const changes = given.map(([target, after]) => {
      const before = target === field ? pantau.held(field) : target.value;
      return { field: target, before, after };
    });
    for (const { field: target } of changes) {
      const group = target.closest("details");
      if (group) group.open = true; // nothing is filled in unseen
      target.classList.add("pasted");
    }
    for (const row of new Set(changes.map((change) => rowOf(change.field))))
      mark(
        row,
        changes.filter((change) => rowOf(change.field) === row).map((change) => change.before),
      );
    offer(field, changes, pairs.length - given.length);
    write(changes);
    return "";
  };

  area.addEventListener("input", ({ target }) => {
    last = null;
    if (target.classList.contains("pasted")) target.classList.remove("pasted");
  });
  area.addEventListener("keydown", (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    if (!isUndo || !last) return;
    event.preventDefault();
    undo(last);
  });
})();
