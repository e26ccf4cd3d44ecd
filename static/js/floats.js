// What floats: dialogs, the question before something is lost, toasts, the palette (Ctrl K).
(function () {
  "use strict";
  const SIGNS = {
    ok: "M3.2 8.6l3.2 3.2 6.4-7",
    warn: "M8 2.2l6.2 11H1.8zM8 6.4v3.2M8 11.4v.1",
    bad: "M2 8a6 6 0 1012 0 6 6 0 10-12 0M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6",
    info: "M2 8a6 6 0 1012 0 6 6 0 10-12 0M8 7.4v3.4M8 5v.1",
    close: "M4 4l8 8M12 4l-8 8",
  };
  function sign(name, size) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const set = (el, values) => Object.entries(values).forEach(([key, value]) => el.setAttribute(key, value));
    set(svg, { width: size, height: size, viewBox: "0 0 16 16", "aria-hidden": "true" });
    set(path, { d: SIGNS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round" });
    svg.append(path);
    return svg;
  }
  function make(tag, css, text) {
    const el = document.createElement(tag);
    if (css) { el.className = css; }
    if (text) { el.textContent = text; }
    return el;
  }

  /* Toasts: {kind: ok|warn|bad|info, title, words, url, action}; also as the htmx event "toast" (HX-Trigger) */
  function leave(toast, after) { setTimeout(() => { if (!toast.matches(":hover, :focus-within")) { toast.remove(); } else { leave(toast, 2000); } }, after); }
  function toast({ kind = "info", title = "", words = "", url = "", action = "Open" }) {
    const box = make("div", `toast toast-${kind}`);
    const text = make("div");
    text.append(make("b", "", title));
    if (words) { text.append(make("p", "", words)); }
    if (url && url.startsWith("/")) { const line = make("p"); const link = make("a", "", action); link.href = url; line.append(link); text.append(line); }
    const close = make("button", "icon-btn");
    close.type = "button";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", "Dismiss");
    close.append(sign("close", 14));
    box.append(sign(SIGNS[kind] ? kind : "info", 16), text, close);
    document.getElementById("toasts").append(box);
    if (kind !== "bad") { leave(box, 7000); }
  }
  document.querySelectorAll("#toasts .toast:not(.toast-bad)").forEach((el) => leave(el, 9000));
  document.addEventListener("toast", (event) => toast(event.detail || {}));

  /* An answer that is an error: say what the server said, in its own words where it gave them */
  function problem(xhr) {
    const type = xhr.getResponseHeader("Content-Type") || "";
    if (type.includes("json")) {
      try { const told = JSON.parse(xhr.responseText); return { title: told.title, words: told.detail || "" }; } catch { /* told below */ }
    }
    const told = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-problem]");
    if (told) { return { title: told.dataset.problem, words: told.dataset.detail || "" }; }
    return { title: "The server could not do that", words: `It answered ${xhr.status}. Nothing was changed; try again.` };
  }
  document.addEventListener("htmx:responseError", (event) => toast({ kind: "bad", ...problem(event.detail.xhr) }));
  document.addEventListener("htmx:sendError", () => toast({ kind: "bad", title: "The server cannot be reached", words: "What you typed is still here. Check the connection and try again." }));

  /* Dialogs */
  let opener = null;
  function open(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) { return; }
    opener = document.activeElement;
    dialog.showModal();
    if (id === "palette") { openPalette(); }
  }
  document.addEventListener("open-dialog", (event) => open(event.detail));
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-open]");
    if (asked && document.getElementById(asked.dataset.open)) { event.preventDefault(); open(asked.dataset.open); return; }
    if (event.target.closest("[data-close]")) { event.target.closest("dialog").close(); return; }
    if (event.target.closest("[data-dismiss]")) { event.target.closest(".toast").remove(); return; }
    if (event.target.tagName === "DIALOG" && event.target.open) { event.target.close(); }
  });
  document.addEventListener("close", () => { if (opener && opener.isConnected) { opener.focus(); } opener = null; }, true);

  /* The question before something is lost: <form data-confirm="What will be lost." data-confirm-yes="Delete it"> or hx-confirm */
  function ask(source, words, go) {
    const dialog = document.getElementById("confirm");
    dialog.querySelector("[data-confirm-words]").textContent = words;
    dialog.querySelector("h2").textContent = source.dataset.confirmTitle || "Are you sure?";
    const yes = dialog.querySelector("[data-confirm-yes]");
    yes.textContent = source.dataset.confirmYes || "Yes";
    yes.onclick = () => { dialog.close(); go(); };
    open("confirm");
    dialog.querySelector("[data-close]").focus();
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const words = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (!words || form.dataset.confirmed !== undefined) { return; }
    event.preventDefault();
    event.stopPropagation();
    const submitter = event.submitter;
    ask(submitter && submitter.dataset.confirm ? submitter : form, words, () => { form.dataset.confirmed = ""; form.requestSubmit(submitter); delete form.dataset.confirmed; });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) { return; }
    event.preventDefault();
    ask(event.detail.elt, event.detail.question, () => event.detail.issueRequest(true));
  });

  /* Palette: arrows choose, Enter opens */
  const field = document.getElementById("palette-q");
  const list = document.getElementById("palette-list");
  const items = () => Array.from(list.querySelectorAll(".palette-item"));
  function choose(n) {
    const found = items();
    if (!found.length) { field.removeAttribute("aria-activedescendant"); return; }
    const at = (n + found.length) % found.length;
    found.forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    found[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", found[at].id);
  }
  function openPalette() { field.select(); field.dispatchEvent(new Event("opened")); }
  if (field && list) {
    list.addEventListener("htmx:afterSwap", () => choose(0));
    field.addEventListener("keydown", (event) => {
      const at = items().findIndex((item) => item.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(at + (event.key === "ArrowDown" ? 1 : -1)); }
      if (event.key === "Escape") { event.preventDefault(); field.closest("dialog").close(); }
      if (event.key === "Enter") { event.preventDefault(); if (items()[at]) { items()[at].click(); } }
    });
  }
})();
