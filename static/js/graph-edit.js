// Editing the task graph on the canvas: add, connect, rename, move, delete, undo. Every edit is one call of the API on the
// version that is shown; undo puts back the graph as it was before. The forms of the page do the same without this.
(function () {
  "use strict";
  document.addEventListener("graph-ready", (ready) => {
    const { cy, box, choose, reload, version, picked } = ready.detail;
    if (!box.hasAttribute("data-edit")) { return; }
    const process = box.dataset.process;
    const words = document.querySelector("[data-graph-words]");
    const tools = document.querySelector("[data-graph-tools]");
    const saved = document.querySelector("[data-saved]");
    const button = (name) => tools.querySelector(`[data-do="${name}"]`);
    const USUAL = "Choose a task or a flow in the drawing. Drag to move; Delete removes; Ctrl Z takes back; a double click opens a sub-process.";
    const done = [];
    let connecting = null;
    let edge = null;
    let busy = false;
    tools.hidden = false;

    function say(text, bad) {
      words.textContent = text || USUAL;
      words.classList.toggle("field-error", Boolean(bad));
    }
    function tell(word, bad) {
      if (!saved) { return; }
      saved.querySelector("[data-saved-word]").textContent = word;
      saved.classList.toggle("is-failed", Boolean(bad));
    }
    async function call(method, path, body) {
      const token = document.querySelector('meta[name="csrf-token"]');
      const headers = { Accept: "application/json", "X-CSRFToken": token ? token.content : "" };
      if (body !== undefined) { headers["Content-Type"] = "application/json"; }
      if (method !== "GET" && method !== "POST") { headers["If-Match"] = `"process-${process}-${version()}"`; }
      const url = `/api/v1/${path}?workspace=${encodeURIComponent(box.dataset.workspace)}`;
      const answer = await fetch(url, { method, headers, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body) });
      const found = answer.status === 204 ? null : await answer.json();
      if (!answer.ok) { throw new Error([found.title, found.detail, ...(found.errors || []).map((one) => one.message)].filter(Boolean).join(" ")); }
      return found;
    }
    function table() {
      if (window.htmx && document.getElementById("tasks")) { window.htmx.ajax("GET", `${location.pathname}${location.search}`, { target: "#tasks", select: "#tasks", swap: "outerHTML" }); }
    }
    /* Run one edit: remember the graph before it, say how it went, draw again */
    async function edit(what, work) {
      if (busy) { return null; }
      busy = true;
      button("undo").disabled = true;
      tell("Saving");
      try {
        const before = await call("GET", `processes/${process}/graph/`);
        const found = await work();
        done.push({ what, before });
        say(`${what}.`);
        tell("Saved");
        return found;
      } catch (problem) {
        say(problem.message, true);
        tell("Not saved", true);
        return null;
      } finally {
        await reload();
        table();
        busy = false;
        button("undo").disabled = !done.length;
      }
    }
    async function undo() {
      if (busy || !done.length) { return; }
      busy = true;
      button("undo").disabled = true;
      const last = done.pop();
      try {
        await call("PUT", `processes/${process}/graph/`, last.before);
        say(`Taken back: ${last.what}.`);
        tell("Saved");
      } catch (problem) {
        say(problem.message, true);
        tell("Not saved", true);
      } finally {
        await reload();
        table();
        busy = false;
        button("undo").disabled = !done.length;
      }
    }

    const name = (id) => cy.getElementById(id).data("name");
    function connect(on) {
      connecting = on ? { from: null } : null;
      cy.nodes().removeClass("is-source");
      cy.autoungrabify(on);
      button("connect").setAttribute("aria-pressed", String(on));
      say(on ? "Connect: choose where the flow comes from, then where it goes." : "");
    }
    async function connected(id) {
      if (connecting.from === null) {
        connecting.from = id;
        cy.getElementById(id).addClass("is-source");
        say(`From ${name(id)}: choose where the flow goes.`);
        return;
      }
      const from = connecting.from;
      connect(false);
      await edit(`Flow from ${name(from)} to ${name(id)} drawn`, () => call("POST", "flows/", { source: Number(from), target: Number(id) }));
    }
    function rename() {
      const id = picked();
      if (!cy.getElementById(id).length) { say("Choose the task to rename first."); return; }
      const form = document.createElement("form");
      form.className = "actions";
      const label = document.createElement("label");
      label.className = "vh";
      label.htmlFor = "graph-rename";
      label.textContent = `New name of ${name(id)}`;
      const input = Object.assign(document.createElement("input"), { className: "input", value: name(id), maxLength: 200, id: "graph-rename" });
      const ok = Object.assign(document.createElement("button"), { className: "btn btn-main", type: "submit", textContent: "Rename" });
      form.append(label, input, ok);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        edit(`Renamed to ${input.value}`, () => call("PATCH", `tasks/${id}/`, { name: input.value }));
      });
      form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); say(""); } });
      words.replaceChildren(form);
      input.select();
    }
    function remove() {
      if (edge) {
        const { source, target, id } = edge.data();
        edge = null;
        edit(`Flow from ${name(source)} to ${name(target)} deleted`, () => call("DELETE", `flows/${id.slice(1)}/`));
        return;
      }
      const id = picked();
      if (!cy.getElementById(id).length) { say("Choose a task or a flow to delete first."); return; }
      edit(`${name(id)} deleted`, () => call("DELETE", `tasks/${id}/`));
    }

    cy.on("tap", "node", (event) => {
      edge = null;
      cy.edges().removeClass("is-selected");
      if (connecting) { connected(event.target.id()); } else { choose(event.target.id()); }
    });
    cy.on("tap", "edge", (event) => {
      cy.edges().removeClass("is-selected");
      edge = event.target;
      edge.addClass("is-selected");
      say(`Flow from ${name(edge.data("source"))} to ${name(edge.data("target"))} chosen: Delete removes it.`);
    });
    cy.on("dragfree", "node", (event) => {
      const place = event.target.position();
      edit(`${event.target.data("name")} moved`, () => call("PATCH", `tasks/${event.target.id()}/`, { x: Math.round(place.x), y: Math.round(place.y) }));
    });
    tools.addEventListener("click", (event) => {
      const what = event.target.closest("[data-do]");
      const acts = { connect: () => connect(!connecting), rename, delete: remove, undo };
      if (what && acts[what.dataset.do]) { acts[what.dataset.do](); }
    });
    const adding = document.querySelector("[data-graph-add]");
    adding.addEventListener("submit", async (event) => {
      event.preventDefault();
      const given = new FormData(adding);
      const after = given.get("after");
      const inside = box.dataset.inside ? Number(box.dataset.inside) : null;
      const kind = given.get("kind") || "task";
      const what = given.get("name") || adding.querySelector("[name=kind]").selectedOptions[0].text.split(":")[0];
      const made = await edit(`${what} added`, () => call("POST", "tasks/", { process: Number(process), name: given.get("name"), kind, lane: given.get("lane") || "", parent: inside, after: after ? Number(after) : null }));
      if (!made) { return; }
      adding.querySelector("[name=name]").value = "";
      adding.querySelector("[name=after]").append(new Option(made.name || what, made.id));
      choose(String(made.id));
    });
    document.addEventListener("keydown", (event) => {
      if (event.target.closest("input, textarea, select, dialog")) { return; }
      if (event.key === "Delete") { event.preventDefault(); remove(); }
      if (event.key === "Escape" && connecting) { connect(false); }
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); undo(); }
    });
    say("");
  });
})();
