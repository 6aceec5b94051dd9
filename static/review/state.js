// What the queue says of itself: the line at the top, and at each entry the server could not take.
(() => {
  "use strict";
  const queue = pantau.queue;
  if (!queue) return;
  const text = document.getElementById("draft").dataset;
  const lines = ["save-state", "save-state-m"].map((id) => document.getElementById(id)).filter(Boolean);
  const OPEN = ["offline", "waiting", "expired", "saving"];

  const LINKS = {
    expired: () => `${text.login}?next=${encodeURIComponent(location.pathname + location.search)}`,
    conflict: () => "#achievements",
    waiting: () => "#achievements",
  };
  const say = (name, content) => {
    for (const line of lines) {
      if (line.dataset.now === content) continue;
      line.dataset.now = content;
      line.dataset.state = name;
      line.textContent = "";
      if (LINKS[name]) {
        const link = document.createElement("a");
        link.textContent = content;
        link.href = LINKS[name]();
        line.append(link);
      } else {
        line.textContent = content;
      }
    }
  };
  const saved = () => say("saved", text.saved.replace("{time}", pantau.time(text.zone)));
  const clear = () => {
    for (const line of lines) line.textContent = line.dataset.state = line.dataset.now = "";
  };

  // The place of an entry on the page.
  const formFor = (item) =>
    [...document.querySelectorAll(`form[data-queue="${item.kind}"]`)].find(
      (form) => (form.dataset.ref || "") === item.ref && !form.closest(".conflict"),
    );
  const boxOf = (item) => (item.kind === "count" ? document.getElementById(`r-${item.ref}`) : formFor(item));
  const showAside = (all) => {
    const aside = new Map();
    for (const item of all)
      if (item.isAside && item.state === "waiting" && item.kind !== "problem")
        aside.set(`${item.kind}-${item.ref}`, item);
    for (const node of document.querySelectorAll("[data-set-aside]"))
      if (!aside.delete(node.dataset.setAside)) node.remove();
    for (const [name, item] of aside) {
      const box = boxOf(item);
      if (!box) continue;
      const node = document.createElement("div");
      node.className = "set-aside";
      node.dataset.setAside = name;
      node.dataset.local = "";
      const words = document.createElement("span");
      words.className = "err";
      words.textContent = text.aside;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn small";
      button.textContent = text.again;
      button.addEventListener("click", () => queue.pump({ isAsked: true }));
      node.append(words, button);
      const pair = item.kind === "count" && box.querySelector(".pair");
      if (pair) pair.after(node);
      else box.append(node);
    }
  };

  const show = () => {
    const all = queue.items();
    const number = pantau.count(all);
    const { trouble } = queue;
    const isSetAside = number && queue.heads().every((item) => item.isAside);
    if (number && trouble === "expired") say("expired", text.expired);
    else if (number && (trouble === "offline" || !navigator.onLine))
      say("offline", text.offline.replace("{n}", number));
    else if (isSetAside) say("waiting", text.waiting.replace("{n}", number));
    else if (number) say("saving", text.saving);
    else if (all.some((item) => item.state === "conflict")) say("conflict", text.changed);
    else if (all.some((item) => item.isForbidden)) say("forbidden", text.forbidden);
    else if (all.some((item) => item.state === "refused") && lines.every((line) => !line.textContent))
      say("refused", text.refused);
    else if (lines.some((line) => OPEN.includes(line.dataset.state))) saved();
    showAside(all);
    for (const hook of queue.shown) hook();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".save[data-state='conflict'] a, .save[data-state='waiting'] a");
    const place = link && document.querySelector(".conflict, [data-set-aside] button, #problems-waiting button");
    if (!place) return;
    event.preventDefault();
    place.focus();
  });
  Object.assign(queue, { trouble: "", show, saved, clear, formFor, boxOf });
})();
