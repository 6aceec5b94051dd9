// New problems: the form is free again at once, what was entered waits in a list until it is sent.
(() => {
  "use strict";
  const queue = pantau.queue;
  const form = document.getElementById("raise-form");
  const list = document.getElementById("problems-waiting");
  if (!queue || !form || !list) return;
  const title = form.elements.namedItem("title");
  const value = (fields, name) => (fields.find(([other]) => other === name) || ["", ""])[1];
  const typed = () => [...new FormData(form)].filter(([, text]) => typeof text === "string");
  const isUntouched = () => ["title", "owner_name", "description"].every((name) => {
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

  const fill = (fields) => {
    for (const [name, text] of fields) {
      const field = form.elements.namedItem(name);
      if (field && field.type !== "hidden" && !(field instanceof RadioNodeList)) field.value = text;
    }
  };
  const draw = () => {
    list.textContent = "";
    for (const item of queue.items()) {
      if (item.kind !== "problem") continue;
      const line = document.createElement("li");
      line.dataset.local = "";
      const name = document.createElement("b");
      name.textContent = value(item.fields, "title");
      const meta = document.createElement("span");
      meta.className = "meta";
      const tag = document.createElement("span");
      tag.className = item.state === "refused" ? "tag bad" : "tag";
      tag.textContent = item.state === "refused" ? list.dataset.refused : list.dataset.waiting;
      meta.append(tag, value(item.fields, "owner_name"));
      if (queue.files.has(item.ref)) meta.append(list.dataset.files);
      if (item.state === "refused") {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn small";
        button.textContent = list.dataset.correct;
        button.addEventListener("click", () => correct(item));
        meta.append(item.reason || "", button);
      }
      line.append(name, meta);
      list.append(line);
    }
  };
  const correct = (item) => {
    fill(item.fields);
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
      if (!isGood()) return;
      const ref = queue.uuid();
      const fields = typed().filter(([name]) => name !== "client_key");
      fields.push(["client_key", ref]);
      const files = [...new FormData(form)].filter(([, file]) => file instanceof File && file.size);
      if (files.length) queue.files.set(ref, files);
      const url = form.getAttribute("action");
      if (!queue.put({ kind: "problem", ref, url, fields, state: "waiting" })) return;
      queue.forget("typed", "problem", "typing");
      form.reset();
      title.focus();
      draw();
    },
    true,
  );

  queue.answered.push(({ item, status, page }) => {
    if (item.kind !== "problem") return;
    if (status < 300) {
      const fresh = page.getElementById("problems-new");
      const old = document.getElementById("problems-new");
      if (fresh && old) old.replaceWith(document.adoptNode(fresh));
      queue.saved();
      pantau.keep();
    } else if (status === 422) {
      const errors = [...page.querySelectorAll(".err")].map((error) => error.textContent.trim());
      queue.edit(item.id, (entry) => (entry.reason = errors.join(" ")));
      if (isUntouched()) {
        fill(item.fields);
        queue.forget("problem", item.ref, "refused");
        for (const error of page.querySelectorAll(".err[id$='_error']")) {
          const field = document.getElementById(error.id.replace(/_error$/, ""));
          if (field) complain(field, error.textContent.trim());
        }
      }
    }
    draw();
  });

  const begun = queue.items().find((item) => item.kind === "typed");
  if (begun) fill(begun.fields);
  draw();
})();
