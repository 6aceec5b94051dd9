// The queue of entries: kept in local storage, in the order they were made.
// An item is {id, kind, ref, label, url, fields, state, tried, tries, isAside, hasFiles}; `fields`
// are [name, value] pairs and `state` is typing (not given yet), waiting, refused (to be corrected)
// or conflict (to be chosen). `isAside`: the server failed over it while others went through.
pantau.queue = (() => {
  "use strict";
  const here = document.getElementById("draft");
  if (!here || !here.hasAttribute("data-open")) return null;
  // Sixteen digits, however they are grouped: a NIK.
  const NIK = /(?:\d[\s.-]?){15}\d/;
  // Names of people stay on the page; only the person in charge of a problem is needed to send it.
  const PRIVATE = /(?:_name|_by|nip)$/;
  const TOKEN = "csrfmiddlewaretoken";
  const key = pantau.key(here.dataset.facility, here.dataset.week);
  const files = new Map(); // by ref, for this page only: local storage is too small for photos

  const items = () => pantau.read(key);
  const isPrivate = (name) => PRIVATE.test(name) && name !== "owner_name";
  const isVersion = (name) => name === "version" || name.startsWith("v-");
  const same = (one, other) => one.kind === other.kind && one.ref === other.ref;
  const body = (item) => JSON.stringify(item.fields.filter(([name]) => !isVersion(name)));
  const edit = (id, work) => {
    const all = items();
    const item = all.find((entry) => entry.id === id);
    if (item) work(item, all);
    pantau.write(
      key,
      all.filter((entry) => entry.state),
    );
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
  const put = ({ kind, ref, label, url, fields, state }) => {
    const kept = fields.filter(([name]) => name !== TOKEN && !isPrivate(name));
    if (kept.some(([, value]) => NIK.test(value))) return false;
    const entry = { id: uuid(), kind, ref, label, url, fields: kept, state, tried: false, hasFiles: files.has(ref) };
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
    pantau.queue.show();
    if (entry.state === "waiting") pantau.queue.pump();
    return true;
  };
  const forget = (kind, ref, state) =>
    pantau.write(
      key,
      items().filter((item) => !(item.kind === kind && item.ref === ref && item.state === state)),
    );

  // The first waiting entry of each row: the others wait behind it.
  const heads = () => {
    const first = new Map();
    for (const item of items()) {
      const name = `${item.kind} ${item.ref}`;
      if (item.state === "waiting" && !first.has(name)) first.set(name, item);
    }
    return [...first.values()];
  };

  return {
    key,
    put,
    forget,
    items,
    heads,
    edit,
    uuid,
    files,
    same,
    isPrivate,
    isVersion,
    isNik: (text) => NIK.test(text),
    // Called with each answer, asked for what is only on the page, told when the state changes.
    answered: [],
    live: [],
    shown: [],
  };
})();
