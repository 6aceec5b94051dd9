// What this device keeps: entries not sent yet (local storage, by person, facility and week) and
// pages opened before (service worker). Loaded on every page, so that leaving clears both.
window.pantau = (() => {
  "use strict";
  const PREFIX = "pantau:draft:";
  const LEFT = "pantau:left";
  const KEPT_MS = 7 * 24 * 3600 * 1000;
  const user = document.body.dataset.user || "";
  const memory = new Map(); // where local storage is switched off or full

  const get = (key) => {
    if (memory.has(key)) return memory.get(key);
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const set = (key, text) => {
    try {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      memory.delete(key);
    } catch {
      if (text === null) memory.delete(key);
      else memory.set(key, text);
    }
  };
  const keys = () => {
    let stored = [];
    try {
      stored = Object.keys(localStorage);
    } catch {
      // no local storage: only what this page remembers
    }
    return [...stored, ...memory.keys()].filter((key) => key.startsWith(PREFIX));
  };

  const read = (key) => {
    try {
      const items = JSON.parse(get(key) || "[]");
      return Array.isArray(items) ? items : [];
    } catch {
      return [];
    }
  };
  const write = (key, items) => set(key, items.length ? JSON.stringify(items) : null);
  const isOf = (key, person) => key.startsWith(`${PREFIX}${person}:`);
  const drop = (person) => keys().filter((key) => isOf(key, person)).forEach((key) => set(key, null));
  // A row typed twice is one entry.
  const count = (items) => {
    const waiting = items.filter((item) => item.state === "waiting");
    return new Set(waiting.map((item) => `${item.kind} ${item.ref}`)).size;
  };
  const waiting = (person) =>
    keys()
      .filter((key) => !person || isOf(key, person))
      .reduce((sum, key) => sum + count(read(key)), 0);

  const oldest = Date.now() - KEPT_MS;
  for (const key of keys()) {
    const items = read(key);
    const young = items.filter((item) => item.at > oldest);
    if (young.length < items.length) write(key, young);
  }

  // Signing out. The drafts go when the page after it shows that it worked.
  const left = get(LEFT);
  if (left !== null) {
    if (left !== user) drop(left);
    set(LEFT, null);
  }
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const token = form.method === "post" && form.elements.namedItem("csrfmiddlewaretoken");
      const cookie = csrf();
      // A kept page, or one from before signing in again, carries an old token.
      if (token && cookie) token.value = cookie;
      if (!form.hasAttribute("data-signout")) return;
      const dialog = document.getElementById("leave-drafts");
      const number = waiting(user);
      if (number && dialog && dialog.dataset.sure !== "yes") {
        event.preventDefault();
        event.stopPropagation();
        const text = dialog.querySelector("[data-text]");
        text.textContent = text.dataset.text.replace("{n}", number);
        dialog.onclose = () => {
          if (dialog.returnValue !== "leave") return;
          dialog.dataset.sure = "yes";
          form.requestSubmit();
        };
        dialog.returnValue = "";
        dialog.showModal();
        return;
      }
      set(LEFT, user);
    },
    true,
  );

  const csrf = () => {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found ? found[1] : "";
  };
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (csrf()) event.detail.headers["X-CSRFToken"] = csrf();
  });

  // The page as it stands goes to the worker: what was saved since is in it, what waits is not.
  const worker = navigator.serviceWorker;
  const keep = async () => {
    if (!worker || !user) return;
    const page = document.documentElement.cloneNode(true);
    page.dataset.kept = Date.now();
    page.querySelectorAll("[data-local], [data-once], .conflict, tbody .err").forEach((node) => node.remove());
    page.querySelectorAll(".save").forEach((node) => (node.textContent = ""));
    const tags = document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]");
    const registration = await worker.ready;
    registration.active.postMessage({
      kind: "keep",
      user,
      url: location.href.split("#")[0],
      title: document.title,
      html: `<!doctype html>\n${page.outerHTML}`,
      assets: [...tags].map((tag) => tag.src || tag.href),
    });
  };
  if (worker && document.body.dataset.worker) {
    window.addEventListener("load", () => {
      worker.register(document.body.dataset.worker).catch(() => {
        // switched off in this browser: everything but reading without a signal still works
      });
    });
  }
  const here = document.getElementById("draft");
  if (here && !document.documentElement.dataset.kept) keep();

  for (const note of document.querySelectorAll("[data-drafts-waiting]")) note.hidden = !waiting("");
  const list = document.getElementById("kept-pages");
  if (list && window.caches) showKept(list);
  async function showKept(target) {
    for (const name of await caches.keys()) {
      if (!name.startsWith("pages-")) continue;
      const pages = await caches.open(name);
      for (const request of await pages.keys()) {
        const page = await pages.match(request);
        const link = document.createElement("a");
        link.href = request.url;
        link.textContent = decodeURIComponent(page.headers.get("Pantau-Title")).split(" · ")[0];
        const line = document.createElement("li");
        line.append(link);
        target.append(line);
        target.parentElement.hidden = false;
      }
    }
  }

  return {
    user,
    csrf,
    keep,
    count,
    read,
    write,
    isStored: () => memory.size === 0,
    key: (facility, week) => `${PREFIX}${user}:${facility}:${week}`,
  };
})();
