// What this device keeps: entries not sent yet (local storage, by person, facility and week) and
// pages opened before (service worker). Loaded on every page, so that leaving clears both.
window.pantau = (() => {
  "use strict";
  const PREFIX = "pantau:draft:";
  const LEFT = "pantau:left";
  const user = document.body.dataset.user || "";
  const memory = new Map(); // where local storage is switched off or full
  // The server's time (milliseconds) of the newest answer. The device's own clock is asked nowhere:
  // a phone that believes it is 2020 keeps and sends what any other does.
  let serverTime = Number(document.body.dataset.now);
  const heard = (response) => {
    const now = Number(response.headers.get("Pantau-Now"));
    if (now) serverTime = now;
  };

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
  const drop = (person) =>
    keys()
      .filter((key) => isOf(key, person))
      .forEach((key) => {
        set(key, null);
      });
  // A row typed twice is one entry.
  const entries = (items) => new Set(items.map((item) => `${item.kind} ${item.ref}`)).size;
  const count = (items) => entries(items.filter((item) => item.state === "waiting"));
  // What the next opening of its page sends; a form only begun, or a decision without its button,
  // is not given yet.
  const unsent = (items) =>
    items.filter((item) => item.kind !== "typed" && (item.kind !== "decision" || item.state !== "typing"));
  const ofAll = (person, choose) =>
    keys()
      .filter((key) => !person || isOf(key, person))
      .flatMap((key) => choose(read(key)).map((item) => ({ ...item, kind: `${key} ${item.kind}` })));

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
      const lost = ofAll(user, (items) => items);
      const number = entries(lost);
      if (number && dialog && dialog.dataset.sure !== "yes") {
        event.preventDefault();
        event.stopPropagation();
        const text = dialog.querySelector("[data-text]");
        text.textContent = text.dataset.text.replace("{n}", number);
        pantau.leftovers.fill(dialog.querySelector("[data-lost]"), lost);
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
    page.dataset.kept = serverTime;
    page.querySelectorAll("[data-local], [data-once], [data-kept-files], .conflict, tbody .err").forEach((node) => {
      node.remove();
    });
    page.querySelectorAll(".pasted").forEach((node) => {
      node.classList.remove("pasted");
    });
    page.querySelectorAll(".save").forEach((node) => {
      node.textContent = "";
    });
    const tags = document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]");
    const registration = await worker.ready;
    registration.active.postMessage({
      kind: "keep",
      user,
      at: serverTime,
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

  for (const note of document.querySelectorAll("[data-drafts-waiting]")) {
    const number = entries(ofAll("", unsent));
    const text = note.querySelector("[data-text]");
    text.textContent = text.dataset.text.replace("{n}", number);
    note.hidden = !number;
  }
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
    heard,
    count,
    entries,
    unsent,
    read,
    write,
    // As a clock at the facility shows it, "14.05"; `zone` is an IANA name.
    time: (zone, at = serverTime) =>
      new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(
        at,
      ),
    isStored: () => memory.size === 0,
    key: (facility, week) => `${PREFIX}${user}:${facility}:${week}`,
    // [key, facility, week] of each page this person left entries on.
    places: () =>
      keys()
        .filter((key) => isOf(key, user))
        .map((key) => [key, ...key.slice(PREFIX.length).split(":").slice(1)]),
  };
})();
