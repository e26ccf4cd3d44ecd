// Draws the figures that the server built: <div class="chart" data-figure="id"> with <script id type="application/json">.
// Colours in a figure are written as var(--token) and resolved here, so one figure serves both themes.
(function () {
  "use strict";
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);

  function colour(token) {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  }
  function resolved(value) {
    if (typeof value === "string") { return value.replace(/var\(--([\w-]+)\)/g, (_, token) => colour(token)); }
    if (Array.isArray(value)) { return value.map(resolved); }
    if (value && typeof value === "object") { return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one)])); }
    return value;
  }

  function axis() {
    return {
      gridcolor: colour("line"), linecolor: colour("line-strong"), zerolinecolor: colour("ink-3"), zerolinewidth: 1.25,
      tickcolor: colour("line-strong"), tickfont: { color: colour("ink-2"), size: 12 }, title: { font: { color: colour("ink-2"), size: 12 }, standoff: 10 },
      automargin: true, ticks: "", exponentformat: "none", separatethousands: true,
    };
  }
  function look() {
    return {
      layout: {
        font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("ink-2") },
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", separators: ".\u202f",
        colorway: ["accent", "gain-mid", "loss-mid", "seq-4", "ink-3"].map(colour),
        margin: { l: 56, r: 16, t: 12, b: 44 }, xaxis: axis(), yaxis: axis(), bargap: 0.08, hovermode: "closest",
        hoverlabel: { bgcolor: colour("surface"), bordercolor: colour("line-strong"), font: { color: colour("ink"), size: 12 } },
        legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: colour("ink-2"), size: 12 } },
        annotationdefaults: { font: { color: colour("ink-2"), size: 12 }, showarrow: false },
        shapedefaults: { line: { color: colour("ink-3") } },
      },
    };
  }
  function read(box) {
    const source = document.getElementById(box.dataset.figure);
    return source ? JSON.parse(source.textContent) : null;
  }
  function draw(box) {
    const figure = read(box);
    if (!figure || !window.Plotly) { return; }
    const layout = resolved(figure.layout || {});
    layout.template = look();
    layout.autosize = true;
    if (!layout.height) { layout.height = box.clientHeight || 300; }
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    window.Plotly.react(box, resolved(figure.data || []), { ...layout, transition: still ? undefined : layout.transition },
      { responsive: true, displayModeBar: false, showTips: false, scrollZoom: false });
  }

  /* The same figures as a table, for eyes, screen readers and CSV */
  const label = (axis, fallback) => (axis && axis.title && (axis.title.text || (typeof axis.title === "string" ? axis.title : ""))) || fallback;
  const plain = (text) => String(text).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  function rows(box) {
    const drawn = box.data ? box : read(box);
    const layout = drawn.layout || {};
    const head = ["series", plain(label(layout.xaxis, "x")), plain(label(layout.yaxis, "y"))];
    const body = [];
    (drawn.data || []).filter((trace) => trace.visible !== false).forEach((trace, n) => {
      const x = Array.from(trace.x || []);
      const y = Array.from(trace.y || []);
      for (let i = 0; i < Math.max(x.length, y.length); i += 1) { body.push([plain(trace.name || `series ${n + 1}`), x[i] ?? "", y[i] ?? ""]); }
    });
    return [head, ...body];
  }
  const shown = (value) => (typeof value === "number" ? String(Number(value.toPrecision(4))).replace("-", "\u2212") : String(value));
  function fill(place, table) {
    const el = document.createElement("table");
    el.className = "table table-dense";
    const row = (cells, tag) => {
      const tr = document.createElement("tr");
      cells.forEach((cell) => { const td = document.createElement(tag); td.textContent = tag === "td" ? shown(cell) : cell; if (typeof cell === "number") { td.className = "num"; } tr.append(td); });
      return tr;
    };
    const head = document.createElement("thead");
    const body = document.createElement("tbody");
    head.append(row(table[0], "th"));
    body.append(...table.slice(1).map((cells) => row(cells, "td")));
    el.append(head, body);
    place.replaceChildren(el);
  }
  /* A text cell that a spreadsheet would take for a formula gets a quote in front; numbers stay numbers */
  function cell(value) {
    if (typeof value === "number") { return String(value); }
    const text = /^[=+\-@\t\r]/.test(value) && isNaN(value) ? `'${value}` : String(value);
    return /[",\n;]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  }
  function save(name, content, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  document.addEventListener("click", (event) => {
    const panel = event.target.closest("[data-chart-panel]");
    const box = panel && panel.querySelector(".chart[data-figure]");
    if (!box) { return; }
    const view = event.target.closest("[data-view]");
    const place = panel.querySelector("[data-chart-table]");
    if (view && place) {
      if (view.dataset.view === "table" && !place.hasChildNodes()) { fill(place, rows(box)); }
      place.hidden = view.dataset.view !== "table";
      box.hidden = !place.hidden;
      if (!box.hidden) { window.Plotly.Plots.resize(box); }
    }
    if (event.target.closest("[data-png]")) {
      window.Plotly.downloadImage(box, { format: "png", scale: 2, width: box.clientWidth || 900, height: box.clientHeight || 400, filename: box.dataset.figure });
    }
    if (event.target.closest("[data-csv]")) {
      save(`${box.dataset.figure}.csv`, `\ufeff${rows(box).map((one) => one.map(cell).join(",")).join("\r\n")}\r\n`, "text/csv");
    }
  });
  document.addEventListener("themechange", () => all(".chart[data-figure]").forEach(draw));
  document.addEventListener("htmx:load", (event) => all(".chart[data-figure]", event.target).forEach(draw));
  all(".chart[data-figure]").forEach(draw);
})();
