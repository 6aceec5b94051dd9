// Sends what waits, one by one in the order it was made. An entry the server fails over is set
// aside and tried again ever more rarely; the others go past it. Only what belongs to the same row
// stays behind it.
(() => {
  "use strict";
  const queue = pantau.queue;
  if (!queue) return;
  const RETRY_MS = 15000;
  const SLOWER = 2.2; // times, after each failure: doubled, whatever the timers add
  const SOON_MS = 1000;
  const LONGEST_MS = 300000;
  const TIMEOUT_MS = 12000; // doubled twice: a line may be as slow as that
  const UPLOAD_MS = 180000;
  const { items, edit, key, files } = queue;
  // When an entry may be tried again, by a count of milliseconds that no clock can change.
  const due = new Map();
  let goTo = null;

  const post = async (item) => {
    const attached = files.get(item.ref);
    const data = attached ? new FormData() : new URLSearchParams();
    for (const [name, text] of [...item.fields, ...(attached || [])]) data.append(name, text);
    for (const live of queue.live)
      for (const [name, value] of live(item)) if (queue.isPrivate(name)) data.append(name, value);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), attached ? UPLOAD_MS : TIMEOUT_MS * 2 ** Math.min(item.tries || 0, 2));
    try {
      const response = await fetch(item.url, {
        method: "POST",
        body: data,
        signal: stop.signal,
        headers: { "HX-Request": "true", "X-CSRFToken": pantau.csrf(), "Pantau-User": pantau.user },
      });
      pantau.heard(response);
      let status = response.redirected ? 401 : response.status;
      // A gateway or the sign-in of a hotel may answer 200 as well: only the site names its reader.
      if (status !== 401 && !response.headers.has("Pantau-User")) status = Math.max(status, 502);
      return { status, text: await response.text() };
    } catch {
      return { status: 0, text: "", isHung: stop.signal.aborted };
    } finally {
      clearTimeout(timer);
    }
  };
  const versionIn = (page) => {
    const field = page.querySelector("input[name='version'], input[name^='v-']");
    return field ? field.value : null;
  };

  const settle = (item, { status, text }) => {
    due.delete(item.id);
    const page = new DOMParser().parseFromString(text, "text/html");
    const isSaved = status < 300;
    let isReplaced = false;
    edit(item.id, (entry, all) => {
      const later = all.slice(all.indexOf(entry) + 1).find((other) => queue.same(other, entry));
      const version = isSaved && versionIn(page);
      if (later && version)
        later.fields = later.fields.map(([name, old]) => [name, queue.isVersion(name) ? version : old]);
      isReplaced = Boolean(later);
      if (isSaved || later) entry.state = "";
      else {
        Object.assign(entry, { tried: false, tries: 0, isAside: false });
        entry.isForbidden = status === 403 || status === 404;
        entry.state = status === 409 && item.kind !== "decision" ? "conflict" : "refused";
      }
    });
    queue.clear();
    if (!isReplaced || isSaved) for (const hook of queue.answered) hook({ item, status, text, page, isReplaced });
  };
  const postpone = (item, isAside) =>
    edit(item.id, (entry) => {
      entry.tries = (entry.tries || 0) + 1;
      entry.isAside = entry.isAside || isAside;
      // Without a signal every try is as good as the last; a server that fails is left in peace.
      const pause = entry.isAside ? Math.min(RETRY_MS * SLOWER ** (entry.tries - 1), LONGEST_MS) : RETRY_MS;
      due.set(item.id, performance.now() + pause);
    });

  // Three ways that never wait for one another: what is new, photos, what was set aside.
  const laneOf = (item) => {
    if (item.hasFiles) return "files";
    return item.isAside ? "aside" : "new";
  };
  const isDue = (item) => (due.get(item.id) || 0) <= performance.now();

  // Photos are on one page only: another one must not send their problem without them.
  const hasItsFiles = async (item) => {
    if (!item.hasFiles || files.has(item.ref)) return true;
    const isFree =
      !navigator.locks || (await navigator.locks.request(`files ${item.ref}`, { ifAvailable: true }, Boolean));
    if (isFree)
      edit(item.id, (entry) => {
        Object.assign(entry, { state: "refused", reason: document.getElementById("draft").dataset.lostFiles });
      });
    else due.set(item.id, performance.now() + RETRY_MS);
    return false;
  };

  const work = async (lane) => {
    let unheard = []; // tried in a row without any answer
    for (;;) {
      const item = navigator.onLine && queue.heads().find((head) => laneOf(head) === lane && isDue(head));
      if (!item) return;
      if (!(await hasItsFiles(item))) continue;
      edit(item.id, (entry) => {
        entry.tried = true;
      });
      queue.show();
      const answer = await post(item);
      const { status } = answer;
      queue.trouble = status === 401 ? "expired" : "";
      if (status === 401) return;
      if (status === 0) {
        postpone(item, Boolean(answer.isHung));
        if (lane === "aside") continue;
        unheard.push(item);
        if (!answer.isHung) queue.trouble = "offline";
        // Once may be the entry's own fault, twice is no signal.
        if (unheard.length > 1) {
          queue.trouble = "offline";
          return;
        }
        continue;
      }
      // The signal is there: it was those entries the server did not answer.
      for (const other of unheard)
        edit(other.id, (entry) => {
          entry.isAside = true;
        });
      unheard = [];
      if (status >= 500 || status === 408 || status === 429) postpone(item, true);
      else {
        settle(item, answer);
        if (lane !== "new") pump(); // what stood behind it is new
      }
    }
  };

  const lanes = ["new", "files", "aside"].map((name) => ({ name, isBusy: false, isCalled: false, isElsewhere: false }));
  const run = async (lane) => {
    lane.isCalled = true;
    if (lane.isBusy) return;
    lane.isBusy = true;
    try {
      while (lane.isCalled) {
        lane.isCalled = false;
        lane.isElsewhere = false;
        const alone = async (lock) => {
          lane.isElsewhere = !lock;
          if (lock) await work(lane.name);
        };
        // Two windows of one person share the queue: only one of them sends.
        if (navigator.locks) await navigator.locks.request(`${key} ${lane.name}`, { ifAvailable: true }, alone);
        else await alone(true);
      }
    } finally {
      lane.isBusy = false;
    }
    queue.show();
    leave();
    schedule();
  };
  // `isAsked`: somebody pressed «try again», or the signal is back.
  const pump = ({ isAsked = false } = {}) => {
    if (isAsked) due.clear();
    for (const lane of lanes) run(lane);
  };
  let timer = 0;
  const schedule = () => {
    const waits = queue.heads().map((item) => (due.get(item.id) || Infinity) - performance.now());
    let pause = Math.min(Math.max(Math.min(...waits), 100), RETRY_MS);
    if (!navigator.onLine) pause = RETRY_MS;
    // The window that sends may be one that is just being left.
    else if (waits.length && lanes.some((lane) => lane.isElsewhere)) pause = SOON_MS;
    clearTimeout(timer);
    timer = setTimeout(pump, pause);
  };

  // Leaving waits for what is on its way.
  const leave = () => {
    if (!goTo) return;
    const all = items();
    if (pantau.count(all) || all.some((item) => item.state === "conflict")) {
      if (lanes.some((lane) => lane.isBusy || lane.isElsewhere)) return;
      goTo = null;
      const place = document.querySelector(".conflict, [data-set-aside] button");
      if (place) place.focus();
      return;
    }
    const target = goTo;
    goTo = null;
    location.assign(target);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-after-saving]");
    if (!link) return;
    goTo = link.href;
    if (!items().some((item) => ["waiting", "conflict"].includes(item.state))) return;
    event.preventDefault();
    pump({ isAsked: true });
  });

  window.addEventListener("online", () => {
    queue.trouble = "";
    pump({ isAsked: true });
  });
  window.addEventListener("offline", () => queue.show());
  window.addEventListener("storage", (event) => event.key === key && queue.show());
  document.addEventListener("visibilitychange", () => !document.hidden && pump());
  window.addEventListener("beforeunload", (event) => {
    if (!goTo && !pantau.isStored() && pantau.count(items())) event.preventDefault();
  });
  Object.assign(queue, { pump });
})();
