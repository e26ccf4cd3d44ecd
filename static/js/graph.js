// The task graph: places and steps of colour come from the server, this draws them, keeps one selection with the table,
// and edits through the API with a stack of undo. Without it the table and its forms do the same.
(function () {
  "use strict";
  const box = document.querySelector("[data-graph]");
  if (!box || !window.cytoscape) { return; }
  const WIDTH = 232;
  const HEIGHT = 54;
  const MOST_PICTURES = 300;
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  function colour(token) { probe.style.color = `var(--${token})`; return getComputedStyle(probe).color; }
  const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  let drawing = JSON.parse(document.getElementById(box.dataset.graph).textContent);
  let measure = new URLSearchParams(location.search).get("by") || "cost";
  let picked = box.dataset.picked || "";

  /* A node is a picture: name and value above, volume and minutes below, in the ink of its step */
  function shortened(text, font, room) {
    pen.font = `${font} ${family}`;
    if (pen.measureText(text).width <= room) { return text; }
    let end = text.length;
    while (end > 1 && pen.measureText(`${text.slice(0, end)}…`).width > room) { end -= 1; }
    return `${text.slice(0, end)}…`;
  }
  /* A gateway is a diamond with the sign of its kind: one of (cross), all (plus), one or more (ring) */
  const SIGNS = {
    exclusive: '<path d="M16 16l12 12M28 16L16 28"/>',
    parallel: '<path d="M22 13v18M13 22h18"/>',
    inclusive: '<circle cx="22" cy="22" r="8"/>',
  };
  function sign(kind) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="88" height="88" viewBox="0 0 44 44"><g fill="none" stroke="${colour("ink")}" stroke-width="2.4" stroke-linecap="round">${SIGNS[kind]}</g></svg>`;
    return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
  }
  const works = (node) => node.kind === "task" || node.kind === "subprocess";
  function pictured(node, few) {
    if (SIGNS[node.kind]) { return sign(node.kind); }
    return few && works(node) ? picture(node) : "none";
  }
  function picture(node) {
    const found = node[measure] || { step: 0, text: "" };
    const ink = found.step ? colour(`seq-ink-${found.step}`) : colour("ink");
    pen.font = `600 13px ${family}`;
    const room = WIDTH - 34 - pen.measureText(found.text).width;
    const font = escaped(family);
    const name = escaped(shortened(node.name, "600 13px", room));
    const sub = escaped(shortened(node.sub, "11px", WIDTH - 24));
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH * 2}" height="${HEIGHT * 2}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`
      + `<g fill="${ink}" font-family="${font}"><text x="12" y="23" font-size="13" font-weight="600">${name}</text>`
      + `<text x="${WIDTH - 12}" y="23" font-size="13" font-weight="600" text-anchor="end">${escaped(found.text)}</text>`
      + `<text x="12" y="42" font-size="11">${sub}</text></g>${node.kind === "subprocess" ? boxSign(ink) : ""}</svg>`;
    return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
  }

  /* A closed sub-process says with a plus in a box that it can be opened */
  function boxSign(ink) {
    return `<g fill="none" stroke="${ink}" stroke-width="1.3"><rect x="${WIDTH - 25}" y="33" width="13" height="13" rx="2"/><path d="M${WIDTH - 18.5} 36v7M${WIDTH - 22} 39.5h7"/></g>`;
  }

  /* Bends are places; cytoscape wants them along and beside the line from source to target */
  function bend(edge, at) {
    const from = at.get(edge.source);
    const to = at.get(edge.target);
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const length = Math.hypot(dx, dy) || 1;
    return {
      weights: edge.bends.map(([x, y]) => ((x - from.x) * dx + (y - from.y) * dy) / (length * length)),
      distances: edge.bends.map(([x, y]) => ((y - from.y) * dx - (x - from.x) * dy) / length),
    };
  }
  function elements() {
    const at = new Map(drawing.nodes.map((node) => [node.id, node]));
    const few = drawing.nodes.length <= MOST_PICTURES;
    const nodes = drawing.nodes.map((node) => ({
      group: "nodes", data: { id: node.id, name: node.title, kind: node.kind, step: (node[measure] || {}).step || 0, label: SIGNS[node.kind] ? node.name : `${node.title}\n${node.kind === "subprocess" ? "+ " : ""}${node.sub}`, picture: pictured(node, few) },
      position: { x: node.x, y: node.y }, classes: `${node.kind}${works(node) ? " work" : ""}${SIGNS[node.kind] ? " gateway" : ""} ${few ? "drawn" : "plain"}`,
    }));
    const bands = (drawing.bands || []).map((band, n) => ({
      group: "nodes", data: { id: `band${n}`, name: band.name, label: band.name || "No lane", width: band.width, height: band.height },
      position: { x: band.x, y: band.y }, classes: `band${n % 2 ? " odd" : ""}`, grabbable: false,
    }));
    const edges = drawing.edges.map((edge) => {
      const bent = bend(edge, at);
      const kind = edge.source === edge.target ? "self" : edge.bends.length ? "bent" : "straight";
      return { group: "edges", data: { ...edge, ...bent }, classes: `${kind}${edge.back ? " back" : ""}` };
    });
    return [...nodes, ...bands, ...edges];
  }
  function style() {
    const line = colour("line-control");
    const steps = [1, 2, 3, 4, 5].map((step) => ({ selector: `node.work[step = ${step}]`, style: { "background-color": colour(`seq-${step}`), color: colour(`seq-ink-${step}`) } }));
    return [
      { selector: "node", style: { "font-family": family, "font-size": 12, color: colour("ink-2"), "text-wrap": "wrap" } },
      { selector: "node.work", style: { shape: "round-rectangle", width: WIDTH, height: HEIGHT, "corner-radius": 8, "background-color": colour("surface"), "border-width": 1, "border-color": colour("line-strong") } },
      { selector: "node.subprocess", style: { "border-width": 2, "border-color": line } },
      ...steps,
      { selector: "node.gateway", style: { shape: "diamond", width: 44, height: 44, "background-color": colour("surface"), "border-width": 1.5, "border-color": line, "background-image": "data(picture)", "background-fit": "contain", label: "data(label)", "text-halign": "right", "text-valign": "center", "text-margin-x": 6, "text-max-width": 90 } },
      { selector: "node.band", style: { shape: "rectangle", width: "data(width)", height: "data(height)", "background-color": colour("sunken"), "background-opacity": 0.55, "border-width": 1, "border-color": colour("line"), label: "data(label)", "font-weight": 600, "text-valign": "top", "text-halign": "center", "text-margin-y": 20, events: "no", "z-index": 0, "z-index-compare": "manual" } },
      { selector: "node.band.odd", style: { "background-opacity": 0.25 } },
      { selector: "node.work.drawn", style: { "background-image": "data(picture)", "background-fit": "contain", "background-clip": "none" } },
      { selector: "node.work.plain", style: { label: "data(label)", "text-valign": "center", "text-max-width": WIDTH - 16, "text-overflow-wrap": "anywhere" } },
      { selector: "node.start, node.end", style: { shape: "ellipse", width: 22, height: 22, "background-color": colour("surface"), "border-width": 1.5, "border-color": line, label: "data(label)", "text-halign": "right", "text-valign": "center", "text-margin-x": 8 } },
      { selector: "node.end", style: { "border-width": 4, "border-style": "double" } },
      { selector: "edge", style: { width: "data(width)", "line-color": line, "target-arrow-color": line, "target-arrow-shape": "triangle", "arrow-scale": 1, "curve-style": "bezier", label: "data(label)", "font-family": family, "font-size": 11, color: colour("ink-2"), "text-wrap": "wrap", "text-max-width": 96, "text-background-color": colour("surface"), "text-background-opacity": 1, "text-background-padding": 2 } },
      { selector: "edge.bent", style: { "curve-style": "round-segments", "segment-weights": "data(weights)", "segment-distances": "data(distances)", "segment-radii": 24, "edge-distances": "node-position" } },
      { selector: "edge.self", style: { "loop-direction": "90deg", "loop-sweep": "30deg", "control-point-step-size": 170, "text-margin-x": 12 } },
      { selector: "edge.back", style: { "line-style": "dashed", "line-dash-pattern": [5, 4] } },
      { selector: ".is-selected", style: { "border-width": 3, "border-color": colour("accent") } },
      { selector: "edge.is-selected", style: { "line-color": colour("accent"), "target-arrow-color": colour("accent") } },
      { selector: ".is-source", style: { "border-width": 3, "border-style": "dashed", "border-color": colour("accent") } },
    ];
  }

  /* As tall as the drawing needs to be read at the width there is, within what a screen bears */
  function height() {
    const xs = drawing.nodes.map((node) => node.x);
    const ys = drawing.nodes.map((node) => node.y);
    const wide = Math.max(...xs) - Math.min(...xs) + WIDTH + 48;
    const tall = Math.max(...ys) - Math.min(...ys) + HEIGHT + 48;
    const zoom = Math.max(0.5, Math.min(1, box.clientWidth / wide));
    box.parentNode.style.height = `${Math.round(Math.min(Math.max(tall * zoom, 240), matchMedia("(max-width: 720px)").matches ? 560 : 1000))}px`;
  }
  if (drawing.nodes.length) { height(); }

  /* Its one rule stands in graph.css: a style element would be refused. The library looks for this id and leaves it at that */
  document.head.append(Object.assign(document.createElement("meta"), { id: "__________cytoscape_stylesheet", name: "graph" }));
  const cy = window.cytoscape({
    container: box, elements: elements(), style: style(), layout: { name: "preset" }, autoungrabify: !box.hasAttribute("data-edit"),
    boxSelectionEnabled: false, selectionType: "single", minZoom: 0.08, maxZoom: 2, userZoomingEnabled: false, autounselectify: true,
  });
  box.cytoscape = cy;

  /* The whole where it can be read, else the picked task, readable, in the middle */
  function frame() {
    cy.fit(undefined, 24);
    if (cy.zoom() > 1) { cy.zoom(1); cy.center(); }
    if (cy.zoom() < 0.5) {
      const node = cy.getElementById(picked);
      cy.zoom(Math.min(0.75, box.clientWidth / (WIDTH * 1.6)));
      cy.center(node.length ? node : cy.nodes().first());
    }
  }
  function mark(id) {
    picked = id;
    cy.elements().removeClass("is-selected");
    cy.getElementById(id).addClass("is-selected");
  }
  frame();
  mark(picked);

  const tools = document.createElement("div");
  tools.className = "graph-tools";
  [["+", "Larger", 1.25], ["−", "Smaller", 0.8], ["Fit", "Show all of it", 0]].forEach(([word, label, factor]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small btn-quiet";
    button.textContent = word;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => {
      if (!factor) { cy.animate({ fit: { padding: 24 }, duration: still ? 0 : 150 }); return; }
      cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: box.clientWidth / 2, y: box.clientHeight / 2 } });
    });
    tools.append(button);
  });
  box.parentNode.append(tools);
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) { return; }
    event.preventDefault();
    const rect = box.getBoundingClientRect();
    cy.zoom({ level: cy.zoom() * (event.deltaY < 0 ? 1.1 : 0.9), renderedPosition: { x: event.clientX - rect.left, y: event.clientY - rect.top } });
  }, { passive: false });

  /* One selection with the table; the address says which */
  function address(changes) {
    const query = new URLSearchParams(location.search);
    Object.entries(changes).forEach(([key, value]) => { if (value) { query.set(key, value); } else { query.delete(key); } });
    const text = query.toString();
    return `${location.pathname}${text ? `?${text}` : ""}`;
  }
  function details(id) {
    if (!window.htmx || !document.getElementById("picked")) { return; }
    window.htmx.ajax("GET", `${box.dataset.page}?${box.dataset.inside ? `in=${box.dataset.inside}&` : ""}task=${encodeURIComponent(id)}`, { target: "#picked", select: "#picked", swap: "outerHTML" });
  }
  document.addEventListener("picked", (event) => {
    const id = event.detail.name;
    const drawn = cy.getElementById(id).length > 0; /* of a large process not every row of the table is */
    const row = document.querySelector(`#tasks tr[data-pick="${CSS.escape(id)}"] th`);
    if (!drawn && !row) { return; }
    mark(id);
    history.replaceState(null, "", address({ task: id }));
    const link = document.getElementById("open-picked");
    const node = drawing.nodes.find((one) => one.id === id);
    if (link) {
      link.href = link.href.replace(/tasks\/\d+\//, `tasks/${id}/`);
      link.textContent = `Open ${node ? node.title : (row.querySelector("a") || row).textContent}`;
    }
    const around = document.querySelector("[data-around]");
    if (around) { around.href = around.href.replace(/task=\d+/, `task=${id}`); }
    details(id);
    if (!drawn) { return; }
    const extent = cy.extent();
    const place = cy.getElementById(id).position();
    if (place.x < extent.x1 || place.x > extent.x2 || place.y < extent.y1 || place.y > extent.y2) { cy.animate({ center: { eles: cy.getElementById(id) }, duration: still ? 0 : 150 }); }
  });
  function choose(id) {
    const row = document.querySelector(`tr[data-pick="${CSS.escape(id)}"]`);
    if (row) { row.click(); } else { document.dispatchEvent(new CustomEvent("picked", { detail: { name: id } })); }
  }

  /* Colour by cost, waiting or rework; the legend follows */
  function legend() {
    const found = drawing.legends[measure] || { title: "", steps: [] };
    document.querySelector("[data-legend-title]").textContent = found.title;
    const place = document.querySelector("[data-legend]");
    place.replaceChildren(...found.steps.map((words, n) => {
      const span = document.createElement("span");
      span.className = `seq-${n + 1}`;
      span.textContent = words;
      return span;
    }));
  }
  function redraw() {
    cy.style().fromJson(style()).update();
    cy.json({ elements: elements() });
    mark(picked);
    legend();
  }
  document.querySelectorAll("[data-measure]").forEach((button) => {
    button.addEventListener("click", () => {
      measure = button.dataset.measure;
      history.replaceState(null, "", address({ by: measure === "cost" ? "" : measure }));
      redraw();
    });
    if (button.dataset.measure === measure && measure !== "cost") { button.click(); }
  });
  document.addEventListener("themechange", () => setTimeout(redraw, 0));

  async function reload() {
    const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
    if (answer.ok) { drawing = await answer.json(); redraw(); }
  }
  document.dispatchEvent(new CustomEvent("graph-ready", { detail: { cy, box, choose, reload, version: () => drawing.version, picked: () => picked } }));
  function open(id) { location.assign(`${box.dataset.page}?in=${encodeURIComponent(id)}${box.hasAttribute("data-edit") ? "&edit=graph" : ""}`); }
  cy.on("dbltap", "node.subprocess", (event) => open(event.target.id()));
  if (!box.hasAttribute("data-edit")) {
    cy.on("tap", "node", (event) => { if (event.target.hasClass("subprocess")) { open(event.target.id()); } else { choose(event.target.id()); } });
  }
})();
