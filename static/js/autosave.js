// Typing saves. <form data-autosave method="post" action="…"> is posted a moment after the last key, and at once when a
// field is left; the nearest [data-saved] says so. What is not saved when the page is left goes out as a beacon.
// data-target and data-swap name what the answer replaces (htmx words); without them only out-of-band parts are swapped.
(function () {
  "use strict";
  const PAUSE = 600;
  const timers = new Map();
  const sent = new Set();
  const flown = new Map();
  const wordOf = (form) => (form.closest("[data-saves]") || document).querySelector("[data-saved]");

  function say(form, word, failed) {
    const place = wordOf(form);
    if (!place) { return; }
    place.classList.toggle("is-failed", Boolean(failed));
    (place.querySelector("[data-saved-word]") || place).textContent = word;
  }
  /* What a person wrote, without the marks of the page: the token, and the version an answer may have raised meanwhile */
  function written(data) {
    const marks = (name) => name === "csrfmiddlewaretoken" || name === "version" || name.startsWith("was-");
    const pairs = Array.from(data.entries()).filter(([name]) => !marks(name));
    return new URLSearchParams(pairs).toString();
  }
  /* What goes out when the page is left: with it what this page sent before and has no answer to (w-…), so that its own
     edits, which raise the version unseen, are not taken for somebody else's */
  function lastly(form) {
    const data = new FormData(form);
    (flown.get(form) || []).flat().forEach(([name, value]) => {
      if (name !== "csrfmiddlewaretoken" && name !== "version" && !name.startsWith("was-")) { data.append(`w-${name}`, value); }
    });
    return data;
  }
  function send(form) {
    clearTimeout(timers.get(form));
    timers.delete(form);
    if (!form.isConnected) { return; }
    say(form, "Saving");
    sent.add(form);
    if (!flown.has(form)) { flown.set(form, []); }
    flown.get(form).push(Array.from(new FormData(form).entries()));
    const target = form.dataset.target ? document.querySelector(form.dataset.target) : form;
    window.htmx.ajax("POST", form.action, { source: form, target, swap: form.dataset.swap || "none" });
  }
  function later(form) {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => send(form), PAUSE));
    say(form, "Not saved yet");
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-autosave]")) { later(form); }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-autosave]")) { send(form); }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-autosave]")) { event.preventDefault(); send(event.target); }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches || !form.matches("[data-autosave]")) { return; }
    const status = event.detail.xhr.status;
    /* Only the answer to what stands there now settles it: a later one may still wait behind an earlier */
    if (status && written(event.detail.requestConfig.formData) === written(new FormData(form))) { sent.delete(form); flown.delete(form); }
    if (event.detail.successful && status !== 422) { say(form, "Saved"); } else { say(form, status ? "Not saved, see the message" : "Not saved, no connection", true); }
  });
  /* A field nobody has typed in follows what is in use: <input data-was="its id"> holds that, and comes anew with an answer */
  document.addEventListener("htmx:oobAfterSwap", () => {
    document.querySelectorAll("[data-autosave] [data-was]").forEach((was) => {
      const field = document.getElementById(was.dataset.was);
      if (!field || field.tagName !== "INPUT") { return; }
      const shown = field.dataset.shown === undefined ? field.defaultValue : field.dataset.shown;
      const emptied = field.value === "" && field !== document.activeElement;
      if (field.value === shown || emptied) { field.value = was.value; }
      field.dataset.shown = was.value;
    });
  });
  /* What each field showed before anybody typed in it: <input data-base="its id"> goes out with it. Where an answer brings
     what somebody else wrote (data-theirs), a field nobody typed in here follows; in one that was, the base stays as it
     was, so that the next save meets the other text and is asked which of them to keep. */
  const bases = new Map();
  function follow() {
    document.querySelectorAll("[data-base]").forEach((base) => {
      const field = document.getElementById(base.dataset.base);
      if (!field) { return; }
      const before = bases.get(field.id);
      if (before !== undefined && before !== base.value && base.dataset.theirs !== undefined) {
        if (field.value !== before) { base.value = before; return; }
        field.value = base.value;
      }
      bases.set(field.id, base.value);
    });
  }
  document.addEventListener("DOMContentLoaded", follow);
  document.addEventListener("htmx:oobAfterSwap", follow);
  if (document.readyState !== "loading") { follow(); }
  window.addEventListener("pagehide", () => {
    timers.forEach((timer, form) => { clearTimeout(timer); sent.add(form); });
    timers.clear();
    sent.forEach((form) => { if (form.isConnected) { navigator.sendBeacon(form.action, lastly(form)); } });
    sent.clear();
  });
})();
