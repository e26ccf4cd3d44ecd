// The questions of suitability: answers are saved as they are given, one request at a time. In the grid arrow keys move and
// 0 to 5 answer. With each answer goes all that this page saw standing there, its own answers too (w-…): so whichever of two
// arrives last, the later one stands, and what somebody else answered meanwhile is never overwritten unseen.
// Ctrl+Z and the button take back what was answered here, one answer at a time, as an edit like any other.
(function () {
  "use strict";
  const form = document.querySelector("form[data-answers]");
  if (!form) { return; }
  const PAUSE = 600;
  const AGAIN = 5000;
  const place = form.closest("[data-saves]").querySelector("[data-saved]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const scores = Array.from(form.querySelectorAll(".answers-score"));
  const side = document.getElementById("answers-side");
  const reasons = new Map();
  const seen = new Map();
  const waiting = new Set();
  const done = [];
  const shown = new Map();
  const undoButton = form.closest("[data-saves]").querySelector("[data-undo]");
  let flying = new Set();
  let timer = 0;
  let here = null;

  const stands = (key) => form.querySelector(`[name="w-${key}"]`).value;
  const tidy = (text) => text.trim().split(/\s+/).filter(Boolean).join(" ");
  const partsOf = (said) => [said.slice(0, said.indexOf("|")), said.slice(said.indexOf("|") + 1)];
  const fieldsOf = (key) => Array.from(form.querySelectorAll(`[name="q-${key}"]`));
  const reasonField = (key) => form.querySelector(`[name="r-${key}"]`);
  const cellOf = (key) => form.querySelector(`[data-cell="${key}"]`);
  const keyOf = (field) => field.name.slice(2);

  function score(key) {
    const field = cellOf(key) || fieldsOf(key).find((one) => one.checked);
    return field ? field.value : "";
  }
  function reason(key) {
    const field = reasonField(key);
    if (field) { return tidy(field.value); }
    return reasons.has(key) ? reasons.get(key) : partsOf(stands(key))[1];
  }
  function said(key) { return `${score(key)}|${reason(key)}`; }
  function chain(key) {
    if (!seen.has(key)) { seen.set(key, [stands(key)]); }
    return seen.get(key);
  }
  function say(word, failed) {
    place.classList.toggle("is-failed", Boolean(failed));
    place.querySelector("[data-saved-word]").textContent = word;
  }

  /* Saving */
  function touch(key, pause) {
    remember(key, pause);
    waiting.add(key);
    clearTimeout(timer);
    timer = setTimeout(send, pause);
    say(pause ? "Not saved yet" : "Saving");
  }
  /* Taking back: what was said before each edit; letters typed into one reason are one edit */
  function remember(key, typed) {
    const before = shown.has(key) ? shown.get(key) : stands(key);
    const now = said(key);
    shown.set(key, now);
    const last = done[done.length - 1];
    if (now === before || (typed && last && last.typed && last.key === key)) { return; }
    done.push({ key, before, typed: Boolean(typed) });
    undoButton.disabled = false;
  }
  function forget(key) {
    for (let at = done.length - 1; at >= 0; at -= 1) { if (done[at].key === key) { done.splice(at, 1); } }
    shown.set(key, stands(key));
    undoButton.disabled = !done.length;
  }
  function undo() {
    const last = done.pop();
    undoButton.disabled = !done.length;
    if (!last) { return; }
    const parts = partsOf(last.before);
    put(last.key, parts);
    if (!reasonField(last.key)) { reasons.set(last.key, parts[1]); }
    shown.set(last.key, said(last.key));
    touch(last.key, 0);
    const cell = cellOf(last.key);
    if (cell && here) { move(scores.indexOf(cell)); }
    show();
  }
  undoButton.hidden = false;
  undoButton.addEventListener("click", undo);
  form.addEventListener("keydown", (event) => {
    const writes = event.target.name && event.target.name.startsWith("r-");
    if (writes || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") { return; }
    event.preventDefault();
    undo();
  });
  function body(keys) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", token);
    keys.forEach((key) => {
      data.append(`q-${key}`, score(key));
      data.append(`r-${key}`, reason(key));
      chain(key).forEach((each) => data.append(`w-${key}`, each));
    });
    return data;
  }
  async function send() {
    if (flying.size || !waiting.size) { return; }
    flying = new Set(waiting);
    waiting.clear();
    const data = body(flying);
    const sent = new Map(Array.from(flying, (key) => [key, said(key)]));
    sent.forEach((what, key) => chain(key).push(what));
    say("Saving");
    let status = 0;
    let words = "";
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" }, redirect: "manual" });
      status = answer.status;
      words = await answer.text();
    } catch { /* told below */ }
    const keys = flying;
    flying = new Set();
    if (status === 200) { settle(words, keys); } else if (status === 400 || status === 412) { refused(words, keys, sent); } else { lost(keys, status); }
  }
  function settle(words, keys) {
    swap(words);
    keys.forEach((key) => {
      seen.set(key, [stands(key)]);
      if (!waiting.has(key)) { reasons.delete(key); }
      wrong(key, "");
    });
    if (waiting.size) { send(); } else { say("Saved"); }
    show();
  }
  /* Those at fault go back to what holds now; the others were not saved with them, and are sent again */
  function refused(words, keys, sent) {
    const same = new Set(Array.from(keys).filter((key) => said(key) === sent.get(key)));
    swap(words);
    const late = Array.from(keys).filter((key) => document.getElementById(`wrong-${key}`));
    keys.forEach((key) => {
      seen.set(key, [stands(key)]);
      if (!late.includes(key)) { waiting.add(key); return; }
      if (same.has(key)) { put(key, partsOf(stands(key))); }
      forget(key);
      wrong(key, document.getElementById(`wrong-${key}`).textContent);
    });
    say("Not saved, see the message", true);
    if (late.length && waiting.size) { send(); }
    show();
  }
  function lost(keys, status) {
    keys.forEach((key) => waiting.add(key));
    say(status ? "Not saved, try again" : "Not saved, no connection", true);
    if (!status || status >= 500) { clearTimeout(timer); timer = setTimeout(send, AGAIN); }
  }
  function put(key, [number, why]) {
    const cell = cellOf(key);
    if (cell) { cell.value = number; } else { fieldsOf(key).forEach((one) => { one.checked = one.value === number; }); }
    reasons.delete(key);
    if (reasonField(key)) { reasonField(key).value = why; }
  }
  function wrong(key, words) {
    const cell = cellOf(key);
    if (!cell) { return; }
    if (words) { cell.setAttribute("aria-invalid", "true"); } else { cell.removeAttribute("aria-invalid"); }
  }
  function swap(words) {
    const told = new DOMParser().parseFromString(words, "text/html");
    Array.from(told.body.children).forEach((part) => {
      const old = part.id && document.getElementById(part.id);
      if (old) { old.replaceWith(part); }
    });
  }
  window.addEventListener("online", send);
  window.addEventListener("pagehide", () => {
    clearTimeout(timer);
    const keys = new Set([...flying, ...waiting]);
    if (keys.size) { navigator.sendBeacon(form.action, body(keys)); }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });

  /* One task with its questions in full */
  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio") { return; }
    const key = keyOf(event.target);
    if (event.target.value === "") { reasonField(key).value = ""; }
    touch(key, 0);
  });
  form.addEventListener("input", (event) => { if (event.target.name.startsWith("r-")) { touch(keyOf(event.target), PAUSE); } });

  /* The grid */
  if (!side || !scores.length) { return; }
  const columns = form.querySelectorAll("tbody tr:first-child .answers-score").length;
  const part = (name) => document.getElementById(`side-${name}`);

  function answer(key, number) {
    const cell = cellOf(key);
    cell.value = number;
    if (number === "") { reasons.set(key, ""); }
    cell.select();
    touch(key, 0);
    show();
  }
  function show() {
    if (!here) { return; }
    const key = here.dataset.cell;
    const [task, question] = key.split("-");
    const number = score(key);
    part("t").textContent = `${here.closest("tr").querySelector("th a").textContent}: ${here.closest("td").dataset.label}`;
    side.querySelectorAll("[data-question]").forEach((one) => { one.hidden = one.dataset.question !== question; });
    side.querySelectorAll(`[name="side-${question}"]`).forEach((one) => { one.checked = one.value === number; });
    side.querySelectorAll("[data-decision]").forEach((one) => { one.hidden = one.dataset.decision !== task; });
    part("log").textContent = here.dataset.log;
    part("leave").textContent = here.dataset.leave;
    part("decision").href = `#d-t-${task}`;
    part("leave").hidden = number === "";
    part("reason").disabled = number === "";
    if (document.activeElement !== part("reason")) { part("reason").value = reason(key); }
    part("hint").textContent = number === "" ? "Answer 0 to 5 first: a reason stands beside an answer." : "";
    const told = document.getElementById(`wrong-${key}`);
    part("wrong").textContent = told ? told.textContent : "";
    const verdict = document.getElementById(`verdict-${task}`);
    part("verdict").replaceChildren(...Array.from(verdict.childNodes, (node) => node.cloneNode(true)));
  }
  function go(cell) {
    scores.forEach((one) => { one.tabIndex = one === cell ? 0 : -1; one.closest("td").classList.toggle("is-here", one === cell); });
    here = cell;
    show();
  }
  function move(at) {
    const cell = scores[Math.max(0, Math.min(scores.length - 1, at))];
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function target(event, at) {
    const row = at - at % columns;
    const last = scores.length - 1;
    switch (event.key) {
      case "ArrowRight": return at % columns < columns - 1 ? at + 1 : at;
      case "ArrowLeft": return at % columns ? at - 1 : at;
      case "ArrowDown": case "Enter": return at + columns <= last ? at + columns : at;
      case "ArrowUp": return at >= columns ? at - columns : at;
      case "Home": return event.ctrlKey ? 0 : row;
      case "End": return event.ctrlKey ? last : row + columns - 1;
      default: return -1;
    }
  }
  form.addEventListener("keydown", (event) => {
    const at = scores.indexOf(event.target);
    if (at < 0 || event.metaKey || event.altKey) { return; }
    const to = target(event, at);
    if (to >= 0) { event.preventDefault(); move(to); return; }
    if (event.ctrlKey) { return; }
    const key = event.target.dataset.cell;
    if (/^[0-5]$/.test(event.key)) { event.preventDefault(); answer(key, event.key); return; }
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); if (event.target.value) { answer(key, ""); } return; }
    if (event.key === "r" || event.key === "R") {
      event.preventDefault();
      if (part("reason").disabled) { say("Answer 0 to 5 first: a reason stands beside an answer", true); } else { part("reason").focus(); }
      return;
    }
    if (event.key === "?") { event.preventDefault(); document.dispatchEvent(new CustomEvent("open-dialog", { detail: "keys" })); return; }
    if (event.key.length === 1) { event.preventDefault(); say("An answer is 0 to 5", true); }
  });
  /* A keyboard on glass tells no keys, only what came of them */
  form.addEventListener("input", (event) => {
    if (!scores.includes(event.target)) { return; }
    const key = event.target.dataset.cell;
    if (/^[0-5]?$/.test(event.target.value)) { answer(key, event.target.value); return; }
    event.target.value = partsOf(stands(key))[0];
    say("An answer is 0 to 5", true);
  });
  form.addEventListener("focusin", (event) => { if (scores.includes(event.target)) { go(event.target); event.target.select(); } });
  side.addEventListener("change", (event) => { if (event.target.type === "radio") { answer(here.dataset.cell, event.target.value); event.target.focus(); } });
  part("leave").addEventListener("click", () => { answer(here.dataset.cell, ""); here.focus(); });
  part("reason").addEventListener("input", () => { reasons.set(here.dataset.cell, tidy(part("reason").value)); touch(here.dataset.cell, PAUSE); });
  side.addEventListener("keydown", (event) => {
    if (event.target.type !== "radio" || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") { return; }
    event.preventDefault();
    undo();
  });
  side.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); here.focus(); } });
  /* The panel is in sight wherever the grid is scrolled to: so is what it says of saving */
  side.querySelector(".panel-head").append(undoButton, place);
  side.hidden = false;
  document.getElementById("answers-cols").classList.add("is-live");
  go(scores.find((one) => !one.value && one.placeholder === "–") || scores[0]);
})();
