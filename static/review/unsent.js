// The review was sent: drafts of it end here. What did not get into it is shown until it is
// put aside, so that nothing typed disappears unseen.
(() => {
  "use strict";
  const here = document.getElementById("draft");
  if (!here || !here.hasAttribute("data-sent")) return;
  const key = pantau.key(here.dataset.facility, here.dataset.week);
  const items = pantau.read(key);
  if (!items.length) return;
  const text = here.dataset.unsent.replace("{n}", pantau.entries(items));
  pantau.leftovers.notice({ key, items, text });
})();
