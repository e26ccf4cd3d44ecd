// What every page does: theme, keys, one selection in graph and table, segments, filters, times, the canvas stepper.
// Everything here is an addition: without it the pages read and post the same. Nothing is evaluated, no inline handlers.
(function () {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  /* htmx sends the CSRF token with whatever changes something */
  document.addEventListener("htmx:configRequest", (event) => {
    const meta = document.querySelector('meta[name="csrf-token"]');
    if (meta && event.detail.verb !== "get") { event.detail.headers["X-CSRFToken"] = meta.content; }
  });

  /* Theme */
  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function tellTheme() { document.dispatchEvent(new CustomEvent("themechange", { detail: { dark: isDark() } })); }
  function toggleTheme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* a private window keeps nothing */ }
    tellTheme();
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tellTheme);

  /* One selection: every element with the same data-pick is selected together, and the address says which */
  function pick(name) {
    all("[data-pick]").forEach((el) => {
      const on = el.dataset.pick === name;
      el.classList.toggle("is-selected", on);
      if (el.hasAttribute("aria-pressed")) { el.setAttribute("aria-pressed", String(on)); }
    });
    document.dispatchEvent(new CustomEvent("picked", { detail: { name } }));
  }

  /* Segments: <div class="seg"><button data-show="id">; the shown one's siblings with data-view are hidden */
  function press(button) {
    all("button", button.closest(".seg")).forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    const shown = button.dataset.show && document.getElementById(button.dataset.show);
    if (shown) { all(":scope > [data-view]", shown.parentNode).forEach((view) => { view.hidden = view !== shown; }); }
  }

  /* Filter: <input data-filter="id of a table">; rows whose text lacks the words are hidden, the count is said */
  function filter(input) {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const table = document.getElementById(input.dataset.filter);
    if (!table) { return; }
    let left = 0;
    all("tbody tr, li[data-row]", table).forEach((row) => {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      left += row.hidden ? 0 : 1;
    });
    const said = document.querySelector(`[data-filter-count="${input.dataset.filter}"]`);
    if (said) { said.textContent = words.length ? `${left} shown` : ""; }
  }

  /* Copy: <button data-copy="id"> */
  function copy(button) {
    const from = document.getElementById(button.dataset.copy);
    const text = from ? (from.value || from.textContent).trim() : "";
    const done = () => { const word = button.querySelector("[data-word]") || button; word.textContent = "Copied"; };
    const byHand = () => { const range = document.createRange(); range.selectNodeContents(from); const chosen = getSelection(); chosen.removeAllRanges(); chosen.addRange(range); };
    if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done, byHand); } else if (from) { byHand(); }
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-theme-toggle]")) { toggleTheme(); }
    const seg = at(".seg button");
    if (seg && seg.type === "button") { press(seg); }
    const copier = at("[data-copy]");
    if (copier) { copy(copier); }
    const picked = at("[data-pick]");
    if (picked && !at("a, button, input, select, textarea")) { pick(picked.dataset.pick); }
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) { menu.open = false; } });
  });
  document.addEventListener("input", (event) => { if (event.target.matches("[data-filter]")) { filter(event.target); } });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) { form.requestSubmit(); }
  });

  /* Keys */
  let waiting = "";
  function typing(target) { return target.closest("input, textarea, select, [contenteditable=true]") !== null; }
  function follow(selector) { const link = document.querySelector(selector); if (link) { link.click(); return true; } return false; }
  function step(by) {
    const links = all(".steps a.step");
    const here = links.findIndex((link) => link.hasAttribute("aria-current"));
    const next = links[here + by];
    if (here >= 0 && next) { next.click(); }
  }
  const GO = { h: ".topnav a:nth-child(1)", p: ".topnav a:nth-child(2)", l: ".topnav a:nth-child(3)" };
  const KEYS = {
    "[": () => step(-1),
    "]": () => step(1),
    "?": () => document.dispatchEvent(new CustomEvent("open-dialog", { detail: "keys" })),
    "/": () => { const field = document.querySelector("[data-filter]"); if (field) { field.focus(); } },
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("open-dialog", { detail: "palette" }));
      return;
    }
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    const picked = event.target.closest("[data-pick]");
    if (picked === event.target && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); pick(picked.dataset.pick); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) { return; }
    if (waiting === "g" && GO[event.key]) { event.preventDefault(); follow(GO[event.key]); waiting = ""; return; }
    waiting = event.key === "g" ? "g" : "";
    if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
  });

  /* Times in the reader's own format; the title keeps the exact one */
  function localTimes(within) {
    all("time[datetime]:not([data-told])", within).forEach((el) => {
      const at = new Date(el.getAttribute("datetime"));
      if (isNaN(at)) { return; }
      const day = { day: "numeric", month: "short" };
      if (at.getFullYear() !== new Date().getFullYear()) { day.year = "numeric"; }
      const parts = el.hasAttribute("data-day") ? day : { ...day, hour: "2-digit", minute: "2-digit" };
      el.title = at.toLocaleString("en-GB");
      el.textContent = at.toLocaleString("en-GB", { ...parts, hourCycle: parts.hour ? "h23" : undefined });
      el.dataset.told = "";
    });
  }

  /* The canvas sheet on a phone: one block at a time, in the order the sheet names */
  function stepper(bar) {
    const sheet = document.getElementById(bar.dataset.stepper) || document.querySelector(".sheet");
    if (!sheet) { return; }
    const order = (sheet.dataset.order || "").split(" ").map((css) => css && sheet.querySelector(`.${css}`)).filter(Boolean);
    const blocks = order.length ? order : all(".block", sheet);
    let at = Math.max(0, Math.min(blocks.length - 1, Number(sheet.dataset.start || 0)));
    const show = (n) => {
      at = (n + blocks.length) % blocks.length;
      blocks.forEach((block, i) => block.classList.toggle("is-current", i === at));
      all(".dots i", bar).forEach((dot, i) => dot.classList.toggle("is-on", i === at));
      bar.querySelector("[data-step-label]").textContent = `${at + 1} of ${blocks.length}: ${blocks[at].querySelector("h2").textContent}`;
    };
    sheet.classList.add("is-stepping");
    bar.querySelector("[data-prev]").addEventListener("click", () => show(at - 1));
    bar.querySelector("[data-next]").addEventListener("click", () => show(at + 1));
    if (blocks.length) { show(at); }
  }

  /* A long form that is saved whole: <form data-unsaved> asks before what was written in it is left behind */
  const unsaved = new Set();
  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form.matches("[data-unsaved]")) { unsaved.add(event.target.form); }
  });
  document.addEventListener("submit", (event) => { unsaved.delete(event.target); });
  window.addEventListener("beforeunload", (event) => {
    if ([...unsaved].some((form) => form.isConnected)) { event.preventDefault(); }
  });

  function stepInSight() {
    const current = document.querySelector(".step[aria-current]");
    if (current) { current.closest("ol").scrollLeft = current.closest("li").offsetLeft - 24; }
  }
  document.addEventListener("htmx:oobAfterSwap", stepInSight);

  function ready() {
    stepInSight();
    all("[data-stepper]").forEach(stepper);
    localTimes(document);
    const wrong = document.querySelector("main [aria-invalid=true]");
    if (wrong) { (wrong.matches("fieldset") ? wrong.querySelector("input") : wrong).focus(); }
    all("[data-follow]").forEach((log) => { log.scrollTop = log.scrollHeight; });
  }
  document.addEventListener("htmx:load", (event) => localTimes(event.target));
  document.addEventListener("htmx:afterSwap", (event) => {
    all("[data-follow]", event.target.parentNode || document).forEach((log) => { log.scrollTop = log.scrollHeight; });
  });
  ready();
})();
