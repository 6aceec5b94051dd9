// What is typed into the review goes into the queue, answers come back onto the page, and what
// waited on this device is put back into its fields. Without script every form is a plain one.
(() => {
  "use strict";
  const queue = pantau.queue;
  const area = document.getElementById("achievements");
  if (!queue || !area) return;
  const here = document.getElementById("draft");

  const rowOf = (node) => node.closest && node.closest("tbody[data-save]");
  const formOf = (node) => node.closest && node.closest("form[data-queue]");
  const rowFields = (row) =>
    [...row.querySelectorAll("[form='counts']")]
      .filter((field) => field.name && (!/^(checkbox|radio)$/.test(field.type) || field.checked))
      .map((field) => [field.name, field.value]);
  // What an entry is called where its page is not at hand.
  const nameOf = (row) => {
    const name = row.querySelector("[id^='name-']");
    return name ? name.textContent.trim() : "";
  };
  const titleOf = (form) => {
    const title = form.dataset.ref && document.querySelector(`#problem-${form.dataset.ref} a`);
    return title ? title.textContent.trim() : "";
  };
  const rowEntry = (row) => ({
    kind: "count",
    ref: row.id.slice(2),
    label: nameOf(row),
    url: row.dataset.save,
    fields: rowFields(row),
  });
  const formEntry = (form, button) => {
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    if (button && button.name) fields.push([button.name, button.value]);
    const { queue: kind, ref } = form.dataset;
    return { kind, ref: ref || "", label: titleOf(form), url: form.getAttribute("action"), fields };
  };
  const entryOf = (node) => {
    const row = node.form && node.form.id === "counts" && rowOf(node);
    if (row) return rowEntry(row);
    const form = formOf(node);
    return form && form.dataset.queue !== "problem" ? formEntry(form) : null;
  };

  // A NIK is neither kept nor sent.
  const guard = (field) => {
    const old = document.getElementById(`nik-${field.id}`);
    const isBad = /^(text|textarea)$/.test(field.type) && queue.isNik(field.value);
    if (isBad && !old) {
      const text = document.createElement("span");
      text.id = `nik-${field.id}`;
      text.className = "err";
      text.dataset.local = "";
      text.setAttribute("role", "alert");
      text.textContent = here.dataset.nik;
      (field.closest(".pair") || field).after(text);
      field.setAttribute("aria-invalid", "true");
    } else if (!isBad && old) {
      old.remove();
      field.removeAttribute("aria-invalid");
    }
    return !isBad;
  };

  const write = (node, state) => {
    const entry = entryOf(node);
    if (!entry || !guard(node)) return;
    queue.put({ ...entry, state });
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("input, textarea, select")) write(event.target, "typing");
  });
  document.addEventListener("change", (event) => {
    const form = formOf(event.target);
    // A decision is given with its button: arrow keys run through the three.
    write(event.target, form && form.dataset.queue === "decision" ? "typing" : "waiting");
  });
  document.addEventListener("focusout", (event) => {
    const field = event.target;
    if (field.value === undefined) return;
    const row = field.form && field.form.id === "counts" && rowOf(field);
    const form = !row && formOf(field);
    const entry = entryOf(field);
    if (!entry) return;
    const all = row ? row.querySelectorAll("[form='counts']") : form.querySelectorAll("input, textarea");
    // Back to what the server has, and nothing on its way that says otherwise.
    const isAhead = queue.heads().some((item) => queue.same(item, entry));
    const isAsStored = [...all].every((one) => one.value === one.defaultValue && one.checked === one.defaultChecked);
    if (isAsStored && !isAhead) queue.forget(entry.kind, entry.ref, "typing");
    else if (row) write(field, "waiting");
  });
  document.addEventListener(
    "submit",
    (event) => {
      const { target: form, submitter: button } = event;
      const row = form.closest(".conflict") && rowOf(form);
      const isQueued = row || (form.dataset.queue && form.dataset.queue !== "problem");
      const isAll = form.id === "counts" && !(button && (button.name || button.formAction !== form.action));
      if (!isQueued && !isAll) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // htmx would send it a second time
      if (isAll) {
        if (!pantau.count(queue.items())) queue.saved();
        queue.pump({ isAsked: true });
        return;
      }
      if (![...form.elements].every((field) => !field.value || guard(field))) return;
      if (row) {
        const entry = { ...formEntry(form, button), kind: "count", ref: row.id.slice(2) };
        queue.put({ ...entry, state: "waiting" });
      } else {
        if (!form.reportValidity()) return;
        queue.put({ ...formEntry(form, button), state: "waiting" });
      }
    },
    true,
  );

  const { formFor, boxOf } = queue;
  queue.live.push((item) => {
    const form = item.kind === "meeting" && formFor(item);
    return form ? [...new FormData(form)] : [];
  });

  // Answers ---------------------------------------------------------------------------------
  const mark = (row) => {
    const wrong = new Set([...row.querySelectorAll(".err[data-field]")].map((e) => e.dataset.field));
    for (const [name, prefix] of [
      ["numerator", "n-"],
      ["denominator", "d-"],
      ["note", "note-"],
      ["first_month_numerator", "p-"],
      ["first_month_denominator", "q-"],
    ]) {
      const field = row.querySelector(`input[id^="${prefix}"]`);
      if (!field) continue;
      if (wrong.has(name)) field.setAttribute("aria-invalid", "true");
      else if (!document.getElementById(`nik-${field.id}`)) field.removeAttribute("aria-invalid");
    }
  };
  const settled = (container, fields) => {
    const values = new Map(fields);
    for (const field of container.querySelectorAll("input, textarea")) {
      if (/^(checkbox|radio)$/.test(field.type))
        field.defaultChecked = fields.some(([n, v]) => n === field.name && v === field.value);
      else if (values.has(field.name) && field.type !== "hidden") field.defaultValue = values.get(field.name);
    }
  };
  const isElsewhere = (box) => {
    const active = document.activeElement;
    return active && active.matches("input, textarea, select") && !box.contains(active);
  };
  // A row that says something is seen, also where its cluster was folded.
  const unfold = (node) => {
    for (let fold = node.closest("details:not([open])"); fold; fold = fold.closest("details:not([open])"))
      fold.open = true;
  };
  queue.answered.push(({ item, status, text, page }) => {
    if (item.kind === "problem") return;
    const box = boxOf(item);
    const scope = box && box.closest("tbody, section");
    const hadFocus = scope && scope.contains(document.activeElement);
    const section = page.getElementById("conclusion");
    if (section && !section.hasAttribute("hx-swap-oob")) {
      // The other's conclusion was chosen: the section comes whole.
      document.getElementById("conclusion").replaceWith(document.adoptNode(section));
      window.htmx.process(section);
      section.querySelector("textarea").focus();
      queue.saved();
    } else if (status < 300 || status === 409 || status === 422) {
      window.htmx.swap(document.body, text, { swapStyle: "none" });
    }
    // After a choice the answer brought the fields themselves.
    const isChosen = item.fields.some(([name]) => name === "choice");
    if (box && box.isConnected && status < 300 && !isChosen) settled(box, item.fields);
    if (status < 300) pantau.keep();
    if (!box || !box.isConnected) return;
    if (item.kind === "count") mark(box);
    if (status >= 400) unfold(box);
    const panel = scope.querySelector(".conflict");
    if (panel && status === 409) {
      const notes = panel.closest(".note-row");
      if (notes) notes.hidden = false;
      if (!isElsewhere(scope)) panel.focus();
    } else if (hadFocus && document.activeElement === document.body) {
      const number = box.querySelector("input.field.n, textarea");
      if (number) number.focus(); // the panel with the focus is gone
    }
  });

  // What waited on this device ---------------------------------------------------------------
  const fill = (container, fields) => {
    const values = new Map(fields);
    for (const field of container.querySelectorAll("input, textarea, select")) {
      if (field.type === "hidden") continue;
      if (/^(checkbox|radio)$/.test(field.type))
        field.checked = fields.some(([n, v]) => n === field.name && v === field.value);
      else if (values.has(field.name)) field.value = values.get(field.name);
    }
  };
  for (const item of queue.items()) {
    const isRow = item.kind === "count";
    const box = boxOf(item);
    if (item.kind === "problem" || item.kind === "typed") continue;
    if (box) {
      fill(box, item.fields);
      unfold(box);
    }
    const note = isRow && item.fields.find(([name, value]) => /^(note|p|q)-/.test(name) && value);
    if (box && note) box.querySelector(".note-row").hidden = false;
    // A decision is only given with its button; what could not be taken is tried once more.
    if (item.kind !== "decision" || item.state === "refused")
      queue.edit(item.id, (entry) => {
        entry.state = item.kind === "decision" ? "typing" : "waiting";
        entry.isForbidden = false;
      });
  }
  for (const row of area.querySelectorAll("tbody[data-save]")) mark(row);
  const kept = document.documentElement.dataset.kept;
  if (kept) {
    const at = Number(kept);
    const { zone } = here.dataset;
    const time = pantau.time(zone, at);
    const day = new Intl.DateTimeFormat(document.documentElement.lang, {
      day: "numeric",
      month: "long",
      timeZone: zone,
    });
    const notice = document.createElement("div");
    notice.className = "notice";
    notice.dataset.local = "";
    notice.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = here.dataset.kept.replace("{day}", day.format(at)).replace("{time}", time);
    notice.append(words);
    document.querySelector("main .page-head").after(notice);
  }
  queue.show();
  queue.pump();
})();
