// Suggestions below the search field. Without this file the field is the plain form that it was drawn as.
//
// A combobox with a list (WAI-ARIA Authoring Practices): the focus stays in the field, `aria-activedescendant` says which
// suggestion is chosen, and the list itself comes ready drawn from the server. An answer that comes late is never shown:
// each letter ends the request before it.
"use strict";

(() => {
  const PAUSE_MS = 90; // between the last letter and the question: less than it takes to type the next one
  const field = document.getElementById("q");
  const form = field && field.form;
  if (!form || !window.fetch || !window.AbortController) return;

  const list = document.createElement("div");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent);
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  form.append(list, said);

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let timer = 0;
  let request = null;
  let shownFor = field.value.trim();
  let options = [];
  let chosen = -1;

  const choose = (index) => {
    if (chosen >= 0 && options[chosen]) options[chosen].setAttribute("aria-selected", "false");
    chosen = index;
    if (chosen < 0) return field.removeAttribute("aria-activedescendant");
    options[chosen].setAttribute("aria-selected", "true");
    options[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[chosen].id);
  };

  const open = () => {
    const isOpen = options.length > 0;
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
  };

  const close = () => {
    clearTimeout(timer);
    if (request) request.abort();
    choose(-1);
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
  };

  const show = (html) => {
    choose(-1);
    list.innerHTML = html; // drawn and escaped by the server
    said.textContent = list.firstElementChild ? list.firstElementChild.textContent : "";
    if (list.firstElementChild) list.firstElementChild.remove();
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, index) => {
      option.id = "suggestion-" + index;
      option.setAttribute("aria-selected", "false");
    });
    open();
  };

  const ask = async () => {
    const typed = field.value;
    if (request) request.abort();
    const asked = (request = new AbortController());
    const query = new URLSearchParams({ q: typed, language: document.documentElement.lang });
    try {
      const answer = await fetch("/suggestions?" + query, { signal: asked.signal });
      const html = answer.ok ? await answer.text() : "";
      if (asked.signal.aborted || document.activeElement !== field) return;
      shownFor = typed.trim();
      show(html);
    } catch {
      // Aborted, or no network: the field works all the same.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (!field.value.trim()) {
      options = [];
      shownFor = "";
      return close();
    }
    timer = setTimeout(ask, PAUSE_MS);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) {
        if (shownFor === field.value.trim() && options.length) open();
        else if (field.value.trim()) return void ask();
      }
      // One place more than there are suggestions: the field itself.
      const places = options.length + 1;
      choose(((chosen + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      options[chosen].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the first Escape closes the list, the second empties the field
      close();
    }
  });

  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // A press on a suggestion must not take the focus, or the list would close before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
})();
