// Entries on this device that no page is sending: shown with their words, to be copied or put
// aside. Nothing that was typed disappears unseen.
pantau.leftovers = (() => {
  "use strict";
  // Of the form, not of its writer.
  const SILENT = /^(?:version|v-.*|week|facility|next|client_key|kept|choice)$/;
  const words = (item) => {
    const values = item.fields.filter(([name, value]) => value && !SILENT.test(name)).map(([, value]) => value);
    if (item.kind.endsWith("count")) {
      const numbers = item.fields.filter(([name, value]) => value && /^[nd]-/.test(name)).map(([, value]) => value);
      const note = item.fields.filter(([name, value]) => value && name.startsWith("note-")).map(([, value]) => value);
      return `${item.label || item.ref}: ${[numbers.join(" / "), ...note].join(" · ")}`;
    }
    return [item.label, ...values].filter(Boolean).join(" · ");
  };
  // A row typed twice is one line: the newest.
  const lines = (items) => [...new Map(items.map((item) => [`${item.kind} ${item.ref}`, words(item)])).values()];
  const fill = (list, items) => {
    list.textContent = "";
    for (const text of lines(items)) {
      const line = document.createElement("li");
      line.textContent = text;
      list.append(line);
    }
  };

  const copied = async (list) => {
    const text = [...list.children].map((line) => line.textContent).join("\n");
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Plain HTTP has no clipboard of its own: the old way; the words stay selected for the hand.
      getSelection().selectAllChildren(list);
      return document.execCommand("copy");
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-list]");
    if (!button) return;
    const list = button.closest("section, dialog").querySelector("[data-lost]");
    if (await copied(list)) document.getElementById("announce").textContent = document.body.dataset.sayCopied;
  });

  const button = (text, work) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn small";
    made.textContent = text;
    if (work) made.addEventListener("click", work);
    return made;
  };
  // A notice below the head of the page; `link` leads to where they can be sent.
  const notice = ({ key, items, text, link }) => {
    const here = document.body.dataset;
    const section = document.createElement("section");
    section.className = "notice warn";
    section.dataset.local = "";
    section.setAttribute("role", "status");
    const box = document.createElement("div");
    const said = document.createElement("p");
    said.textContent = text;
    const list = document.createElement("ul");
    list.dataset.lost = "";
    fill(list, items);
    const bar = document.createElement("div");
    bar.className = "actions";
    if (link) {
      const open = document.createElement("a");
      open.className = "btn small";
      open.href = link;
      open.textContent = here.sayOpen;
      bar.append(open);
    }
    const copy = button(here.sayCopy);
    copy.dataset.copyList = "";
    const aside = button(here.sayAside, () => {
      // Only what is shown here: another window may have added to it.
      const shown = new Set(items.map((item) => item.id));
      pantau.write(
        key,
        pantau.read(key).filter((item) => !shown.has(item.id)),
      );
      section.remove();
      document.getElementById("main").focus();
    });
    bar.append(copy, aside);
    box.append(said, list, bar);
    section.append(box);
    document.querySelector("main .page-head").after(section);
  };

  // What waits for a review other than this page's is said on every page.
  const open = document.getElementById("draft");
  const isHere = open && (open.hasAttribute("data-open") || open.hasAttribute("data-sent"));
  const own = isHere ? pantau.key(open.dataset.facility, open.dataset.week) : "";
  for (const [key, facility, week] of pantau.user ? pantau.places() : []) {
    const items = key === own ? [] : pantau.unsent(pantau.read(key)).filter((item) => item.state !== "typing");
    if (!items.length) continue;
    const text = document.body.dataset.sayElsewhere;
    notice({
      key,
      items,
      text: text.replace("{n}", pantau.entries(items)).replace("{week}", week).replace("{facility}", facility),
      link: location.pathname === `/reviews/${week}/${facility}/` ? "" : `/reviews/${week}/${facility}/`,
    });
  }
  return { fill, notice };
})();
