// A page that the server drew before an entry of this device was saved, and that came after: it
// would show the old number with nothing on its way to say otherwise. Such a page is asked for
// again, once. Kept is the version of each row as the last answer had it, no number.
(() => {
  "use strict";
  const queue = pantau.queue;
  if (!queue) return;
  const key = `pantau:seen:${queue.key}`;
  const seen = () => {
    try {
      return JSON.parse(sessionStorage.getItem(key) || "{}");
    } catch {
      return {};
    }
  };
  const remember = (versions) => {
    try {
      if (versions) sessionStorage.setItem(key, JSON.stringify(versions));
      else sessionStorage.removeItem(key);
    } catch {
      // no storage: the page may be an old one, as without scripts
    }
  };
  const isOlder = ([ref, version]) => {
    const field = document.querySelector(`#ver-${CSS.escape(ref)} input`);
    return field && Number(field.value) < version;
  };

  queue.answered.push(({ item, status, page }) => {
    const field = item.kind === "count" && status < 300 && page.querySelector("input[name^='v-']");
    if (field) remember({ ...seen(), [item.ref]: Number(field.value) });
  });
  if (document.documentElement.dataset.kept) return; // without a signal there is no newer one
  const isStale = Object.entries(seen()).some(isOlder);
  remember(null);
  if (isStale) location.reload();
})();
