// The queue of entries: kept in local storage, sent one by one in the order they were made.
// An item is {id, at, kind, ref, url, fields, state, tried}; `fields` are [name, value] pairs and
// `state` is typing (not given yet), waiting, refused (to be corrected) or conflict (to be chosen).
pantau.queue = (() => {
  "use strict";
  const here = document.getElementById("draft");
  if (!here || !here.hasAttribute("data-open")) return null;
  const RETRY_MS = 15000;
  const TIMEOUT_MS = 20000;
  const UPLOAD_MS = 180000;
  // Sixteen digits, however they are grouped: a NIK.
  const NIK = /(?:\d[\s.-]?){15}\d/;
  // Names of people stay on the page; only the person in charge of a problem is needed to send it.
  const PRIVATE = /(?:_name|_by|nip)$/;
  const TOKEN = "csrfmiddlewaretoken";
  const key = pantau.key(here.dataset.facility, here.dataset.week);
  const lines = ["save-state", "save-state-m"].map((id) => document.getElementById(id)).filter(Boolean);
  const hooks = { answered: [], live: [] };
  const files = new Map(); // by item, for this page only: local storage is too small for photos
  let sending = "";
  let trouble = ""; // why the last try failed: offline, failed, expired
  let goTo = null;

  const items = () => pantau.read(key);
  const isPrivate = (name) => PRIVATE.test(name) && name !== "owner_name";
  const isVersion = (name) => name === "version" || name.startsWith("v-");
  const same = (one, other) => one.kind === other.kind && one.ref === other.ref;
  const body = (item) => JSON.stringify(item.fields.filter(([name]) => !isVersion(name)));
  const edit = (id, work) => {
    const all = items();
    const item = all.find((entry) => entry.id === id);
    if (item) work(item, all);
    pantau.write(key, all.filter((entry) => entry.state));
    return item;
  };
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  // Writes an entry down; false when it must not be kept.
  const put = ({ kind, ref, url, fields, state }) => {
    const kept = fields.filter(([name]) => name !== TOKEN && !isPrivate(name));
    if (kept.some(([, value]) => NIK.test(value))) return false;
    const entry = { id: uuid(), at: Date.now(), kind, ref, url, fields: kept, state, tried: false };
    const all = items();
    const last = all.filter((item) => same(item, entry)).pop();
    if (last && last.tried && last.state === "waiting") {
      // Its answer is still out: what comes now is sent after it, never in its place.
      if (body(last) === body(entry)) return true;
      all.push(entry);
    } else if (last) {
      // Still the same entry: it keeps its place, and the version it was begun on.
      const isChosen = kept.some(([name]) => name === "choice");
      if (last.state !== "refused" && !isChosen) {
        const version = last.fields.find(([name]) => isVersion(name));
        if (version) entry.fields = kept.map((pair) => (isVersion(pair[0]) ? version : pair));
      }
      all[all.indexOf(last)] = { ...entry, id: last.id };
    } else {
      all.push(entry);
    }
    pantau.write(key, all);
    show();
    if (entry.state === "waiting") pump();
    return true;
  };
  const forget = (kind, ref, state) =>
    pantau.write(
      key,
      items().filter((item) => !(item.kind === kind && item.ref === ref && item.state === state)),
    );

  const say = (name, content) => {
    for (const line of lines) {
      if (line.dataset.now === content) continue;
      line.dataset.now = content;
      line.dataset.state = name;
      line.textContent = "";
      if (name === "expired" || name === "conflict") {
        const link = document.createElement("a");
        link.textContent = content;
        link.href =
          name === "expired"
            ? `${here.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`
            : "#achievements";
        line.append(link);
      } else {
        line.textContent = content;
      }
    }
  };
  const show = () => {
    const all = items();
    const number = pantau.count(all);
    const text = here.dataset;
    if (number && trouble === "expired") say("expired", text.expired);
    else if (number && (trouble === "offline" || !navigator.onLine))
      say("offline", text.offline.replace("{n}", number));
    else if (number && trouble === "failed") say("failed", text.failed);
    else if (number) say("saving", text.saving);
    else if (all.some((item) => item.state === "conflict")) say("conflict", text.changed);
    else if (all.some((item) => item.isForbidden)) say("forbidden", text.forbidden);
    else if (all.some((item) => item.state === "refused") && lines.every((line) => !line.textContent))
      say("refused", text.refused);
    else if (lines.some((line) => ["offline", "failed", "expired", "saving"].includes(line.dataset.state)))
      saved();
  };
  const saved = () => {
    const now = new Date();
    const time = [now.getHours(), now.getMinutes()].map((n) => String(n).padStart(2, "0")).join(".");
    say("saved", here.dataset.saved.replace("{time}", time));
  };

  const post = async (item) => {
    const attached = files.get(item.ref);
    const data = attached ? new FormData() : new URLSearchParams();
    for (const [name, text] of [...item.fields, ...(attached || [])]) data.append(name, text);
    for (const live of hooks.live)
      for (const [name, value] of live(item)) if (isPrivate(name)) data.append(name, value);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), attached ? UPLOAD_MS : TIMEOUT_MS);
    try {
      const response = await fetch(item.url, {
        method: "POST",
        body: data,
        signal: stop.signal,
        headers: { "HX-Request": "true", "X-CSRFToken": pantau.csrf(), "Pantau-User": pantau.user },
      });
      const status = response.redirected ? 401 : response.status;
      return { status, text: await response.text() };
    } catch {
      return { status: 0, text: "" };
    } finally {
      clearTimeout(timer);
    }
  };
  const versionIn = (page) => {
    const field = page.querySelector("input[name='version'], input[name^='v-']");
    return field ? field.value : null;
  };

  const settle = (item, { status, text }) => {
    trouble = { 0: "offline", 401: "expired" }[status] || "";
    if (status >= 500 || status === 429) trouble = "failed";
    if (trouble) return false;
    const page = new DOMParser().parseFromString(text, "text/html");
    const isSaved = status < 300;
    let isReplaced = false;
    edit(item.id, (entry, all) => {
      const later = all.slice(all.indexOf(entry) + 1).find((other) => same(other, entry));
      const version = isSaved && versionIn(page);
      if (later && version)
        later.fields = later.fields.map(([name, old]) => [name, isVersion(name) ? version : old]);
      isReplaced = Boolean(later);
      if (isSaved || later) entry.state = "";
      else {
        entry.tried = false;
        entry.isForbidden = status === 403 || status === 404;
        entry.state = status === 409 && item.kind !== "decision" ? "conflict" : "refused";
      }
    });
    for (const line of lines) line.textContent = line.dataset.state = line.dataset.now = "";
    if (!isReplaced || isSaved)
      for (const hook of hooks.answered) hook({ item, status, text, page, isReplaced });
    return true;
  };

  const work = async () => {
    for (;;) {
      const item = items().find((entry) => entry.state === "waiting");
      if (!item || !navigator.onLine) break;
      sending = item.id;
      edit(item.id, (entry) => (entry.tried = true));
      show();
      const isSettled = settle(item, await post(item));
      sending = "";
      if (!isSettled) break;
    }
  };
  let isBusy = false;
  const pump = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      // Two windows of one person share the queue: only one of them sends.
      if (navigator.locks) await navigator.locks.request(key, { ifAvailable: true }, (lock) => lock && work());
      else await work();
    } finally {
      isBusy = false;
    }
    show();
    leave();
  };

  // Leaving waits for what is on its way.
  const leave = () => {
    if (!goTo) return;
    const all = items();
    const target = goTo;
    if (pantau.count(all) || all.some((item) => item.state === "conflict")) {
      if (trouble || !navigator.onLine || !pantau.count(all)) goTo = null;
      const panel = document.querySelector(".conflict");
      if (!goTo && panel) panel.focus();
      return;
    }
    goTo = null;
    location.assign(target);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-after-saving]");
    if (link) {
      goTo = link.href;
      if (!items().some((item) => ["waiting", "conflict"].includes(item.state))) return;
      event.preventDefault();
      pump();
    } else if (event.target.closest("[data-state='conflict'] a")) {
      const panel = document.querySelector(".conflict");
      if (!panel) return;
      event.preventDefault();
      panel.focus();
    }
  });

  window.addEventListener("online", () => {
    trouble = "";
    pump();
  });
  window.addEventListener("offline", show);
  window.addEventListener("storage", (event) => event.key === key && show());
  document.addEventListener("visibilitychange", () => !document.hidden && pump());
  setInterval(pump, RETRY_MS);
  window.addEventListener("beforeunload", (event) => {
    if (!goTo && !pantau.isStored() && pantau.count(items())) event.preventDefault();
  });

  return { put, forget, items, edit, pump, saved, show, uuid, files, isNik: (text) => NIK.test(text), ...hooks };
})();
