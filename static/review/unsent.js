// The review was sent: drafts of it end here. What did not get into it is shown until it is
// put aside, so that nothing typed disappears unseen.
(() => {
  "use strict";
  const here = document.getElementById("draft");
  if (!here || !here.hasAttribute("data-sent")) return;
  const key = pantau.key(here.dataset.facility, here.dataset.week);
  const open = pantau.read(key).filter(
    (item) => item.isForbidden || ["waiting", "conflict"].includes(item.state),
  );
  pantau.write(key, open);
  if (!open.length) return;

  const value = (item, ...names) =>
    names.map((name) => (item.fields.find(([other]) => other === name) || [])[1]).filter(Boolean).join(" / ");
  const words = (item) => {
    if (item.kind === "count") {
      const name = document.querySelector(`#r-${item.ref} .c-name`);
      const number = value(item, `n-${item.ref}`, `d-${item.ref}`);
      const note = value(item, `note-${item.ref}`);
      return `${name ? name.firstChild.textContent : item.ref}: ${number}${note && ` · ${note}`}`;
    }
    if (item.kind === "problem") return value(item, "title");
    const title = document.querySelector(`#problem-${item.ref} a`);
    return title ? title.textContent : value(item, "conclusion");
  };
  const notice = document.createElement("section");
  notice.className = "notice warn";
  notice.dataset.local = "";
  notice.setAttribute("role", "status");
  const box = document.createElement("div");
  const text = document.createElement("p");
  text.textContent = here.dataset.unsent.replace("{n}", new Set(open.map((item) => `${item.kind} ${item.ref}`)).size);
  const list = document.createElement("ul");
  for (const item of open) {
    const line = document.createElement("li");
    line.textContent = words(item);
    list.append(line);
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn small";
  button.textContent = here.dataset.aside;
  button.addEventListener("click", () => {
    pantau.write(key, []);
    notice.remove();
    document.getElementById("main").focus();
  });
  box.append(text, list, button);
  notice.append(box);
  document.querySelector("main .page-head").after(notice);
})();
