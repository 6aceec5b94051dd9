// New problems: the form is free again at once, what was entered waits in a list until it is sent.
(() => {
  "use strict";
  const queue = pantau.queue;
  const form = document.getElementById("raise-form");
  const list = document.getElementById("problems-waiting");
  if (!queue || !form || !list) return;
  const title = form.elements.namedItem("title");
  const chooser = form.elements.namedItem("attachments");
  const value = (fields, name) => (fields.find(([other]) => other === name) || ["", ""])[1];
  const typed = () => [...new FormData(form)].filter(([, text]) => typeof text === "string");
  const chosen = () => [...new FormData(form)].filter(([, file]) => file instanceof File && file.size);
  const isUntouched = () =>
    ["title", "owner_name", "description"].every((name) => {
      const field = form.elements.namedItem(name);
      return !field || !field.value.trim();
    });

  const complain = (field, text) => {
    clear(field);
    const error = document.createElement("span");
    error.className = "err";
    error.id = `${field.id}_missing`;
    error.textContent = text;
    field.after(error);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", error.id);
  };
  const clear = (field) => {
    const error = document.getElementById(`${field.id}_missing`);
    if (!error) return;
    error.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  };
  const isGood = () => {
    let first = null;
    for (const field of form.elements) {
      if (!field.id || !field.matches("input, textarea, select") || field.type === "hidden") continue;
      clear(field);
      let wrong = "";
      if (queue.isNik(field.value)) wrong = form.dataset.nik;
      else if (field.required && !field.value.trim()) wrong = form.dataset.missing;
      if (!wrong) continue;
      complain(field, wrong);
      first = first || field;
    }
    if (first) first.focus();
    return !first;
  };

  // Files the server keeps for this form, each with its button: as the server wrote the list.
  const showKept = (html) => {
    for (const old of form.querySelectorAll("[data-kept-files]")) old.remove();
    const kept = html && new DOMParser().parseFromString(html, "text/html").querySelector("[data-kept-files]");
    if (!kept || !chooser) return;
    chooser.after(document.adoptNode(kept));
    chooser.closest("details").open = true;
  };
  // Photos live on this page alone; its lock tells other windows that they are still there.
  const holdFiles = (ref, files) => {
    queue.files.set(ref, files);
    if (navigator.locks) navigator.locks.request(`files ${ref}`, () => new Promise(() => {}));
  };
  const fill = (item) => {
    for (const [name, text] of item.fields) {
      const field = form.elements.namedItem(name);
      if (field && field.type !== "hidden" && !(field instanceof RadioNodeList)) field.value = text;
    }
    showKept(item.keptFiles);
    const files = queue.files.get(item.ref);
    if (!files || !chooser) return;
    const carrier = new DataTransfer();
    for (const [, file] of files) carrier.items.add(file);
    chooser.files = carrier.files;
  };
  const put = (ref, state) => {
    const fields = typed().filter(([name]) => name !== "client_key");
    fields.push(["client_key", ref]);
    const files = chosen();
    if (files.length) holdFiles(ref, files);
    else queue.files.delete(ref);
    const kept = form.querySelector("[data-kept-files]");
    const entry = { kind: "problem", ref, url: form.getAttribute("action"), fields, state };
    if (!queue.put(entry)) return false;
    const item = queue.items().find((one) => one.kind === "problem" && one.ref === ref);
    if (kept && item)
      queue.edit(item.id, (one) => {
        one.keptFiles = kept.outerHTML;
      });
    queue.forget("typed", "problem", "typing");
    form.reset();
    showKept("");
    delete form.dataset.ref;
    return true;
  };

  const button = (text, work) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn small";
    made.textContent = text;
    made.addEventListener("click", work);
    return made;
  };
  let drawn = "";
  const draw = () => {
    const items = queue.items().filter((item) => item.kind === "problem");
    const state = JSON.stringify(items);
    if (state === drawn) return; // the button in use stays
    drawn = state;
    list.textContent = "";
    for (const item of items) {
      const isRefused = item.state === "refused";
      const line = document.createElement("li");
      line.dataset.local = "";
      const name = document.createElement("b");
      name.textContent = value(item.fields, "title");
      const meta = document.createElement("span");
      meta.className = "meta";
      const tag = document.createElement("span");
      tag.className = isRefused ? "tag bad" : "tag";
      tag.textContent = isRefused ? list.dataset.refused : item.isAside ? list.dataset.aside : list.dataset.waiting;
      meta.append(tag, value(item.fields, "owner_name"));
      if (queue.files.has(item.ref)) meta.append(list.dataset.files);
      if (isRefused)
        meta.append(
          item.reason || "",
          button(list.dataset.correct, () => correct(item)),
        );
      else if (item.isAside) meta.append(button(list.dataset.again, () => queue.pump({ isAsked: true })));
      line.append(name, meta);
      list.append(line);
    }
  };
  const correct = (item) => {
    // What is being written stays in the list until it is its turn.
    if (!isUntouched()) put(form.dataset.ref || queue.uuid(), "refused");
    fill(item);
    form.dataset.ref = item.ref; // should it have arrived after all, it is still one problem
    queue.forget("problem", item.ref, "refused");
    draw();
    title.focus();
  };

  form.addEventListener("input", () => {
    const fields = typed();
    if (isUntouched()) queue.forget("typed", "problem", "typing");
    else queue.put({ kind: "typed", ref: "problem", url: "", fields, state: "typing" });
  });
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // htmx would replace the form under the writer's hands
      const remove = event.submitter && event.submitter.name === "remove-file" ? event.submitter : null;
      if (remove) {
        const data = new URLSearchParams(typed().filter(([name]) => /^(?:facility|week)$/.test(name)));
        data.append(remove.name, remove.value);
        const headers = { "X-CSRFToken": pantau.csrf(), "HX-Request": "true", "Pantau-User": pantau.user };
        // Not heard by the server, it is gone from there by itself soon.
        fetch(form.getAttribute("action"), { method: "POST", body: data, headers }).catch(() => {});
        remove.closest("li").remove();
        if (chooser) chooser.focus();
        return;
      }
      if (!isGood() || !put(form.dataset.ref || queue.uuid(), "waiting")) return;
      title.focus();
      draw();
    },
    true,
  );

  queue.answered.push(({ item, status, page }) => {
    if (item.kind !== "problem") return;
    if (status < 300) {
      queue.files.delete(item.ref);
      const fresh = page.getElementById("problems-new");
      const old = document.getElementById("problems-new");
      if (fresh && old) old.replaceWith(document.adoptNode(fresh));
      queue.saved();
      pantau.keep();
    } else if (status === 422) {
      const errors = [...page.querySelectorAll(".err")].map((error) => error.textContent.trim());
      const kept = page.querySelector("[data-kept-files]");
      // The good photos are with the server now, the others were refused by name.
      queue.files.delete(item.ref);
      queue.edit(item.id, (entry) => {
        entry.reason = errors.join(" ");
        entry.hasFiles = false;
        entry.keptFiles = kept ? kept.outerHTML : "";
      });
      if (isUntouched()) {
        const refused = queue.items().find((entry) => entry.id === item.id);
        if (refused) fill(refused);
        form.dataset.ref = item.ref;
        queue.forget("problem", item.ref, "refused");
        for (const error of page.querySelectorAll(".err[id$='_error']")) {
          const field = document.getElementById(error.id.replace(/_error$/, ""));
          if (field) complain(field, error.textContent.trim());
        }
      }
    }
    draw();
  });
  queue.shown.push(draw);

  const begun = queue.items().find((item) => item.kind === "typed");
  if (begun) fill(begun);
  draw();
})();
