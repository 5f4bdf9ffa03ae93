// What pages do beyond standing still: draw charts, search and sort tables, say what a figure means.
// Without scripts every table can still be read; nothing here asks a network for anything.
"use strict";

const MISSING = "—";

function siteRoot() {
  const style = document.querySelector('link[rel="stylesheet"]').getAttribute("href");
  return style.slice(0, style.indexOf("static/"));
}

function written(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  if (unit === "pct") return (value * 100).toFixed(1) + "%";
  if (unit === "stat") return Number(value.toPrecision(4)).toString();
  if (unit === "int" || unit === "yuan") return Math.round(value).toLocaleString("zh-CN");
  return value.toLocaleString("zh-CN", { maximumFractionDigits: 4 });
}

// Charts ------------------------------------------------------------------------------------------

const FONT = getComputedStyle(document.body).fontFamily;

function finished(options) {
  const unit = options.unit;
  const axes = [options.xAxis, options.yAxis];
  for (const axis of axes) {
    if (axis.type === "value") axis.axisLabel = { formatter: (value) => written(value, unit) };
  }
  return {
    aria: { enabled: true, decal: { show: true } },
    animation: false,
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    legend: { top: 4, type: "scroll", data: options.names },
    ...options,
    textStyle: { fontFamily: FONT },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (value) => written(value, unit) },
  };
}

function drawMap(place, options, start) {
  const links = new Map(NINGXIA.features.map((f) => [f.properties.name, f.properties.code]));
  echarts.registerMap("ningxia", NINGXIA);
  const buttons = document.querySelector(`.choose[data-for="${place.id}"]`);
  const show = (layer) => {
    const values = layer.data.map((item) => item.value);
    const low = Math.min(...values), high = Math.max(...values);
    start.setOption({
      animation: false,
      textStyle: { fontFamily: FONT },
      aria: { enabled: true },
      tooltip: { confine: true, formatter: (item) => `${item.name}<br>${layer.title}：${written(item.value, layer.unit)}` },
      visualMap: {
        show: values.length > 0, min: low, max: high === low ? low + 1 : high, left: 0, bottom: 0, calculable: true,
        formatter: (value) => written(value, layer.unit),
        // Viridis without its darkest end: even steps of lightness, also in grey.
        inRange: { color: ["#fde725", "#7ad151", "#22a884", "#2a788e", "#414487"] },
      },
      series: [{
        type: "map", map: "ningxia", name: layer.title, data: layer.data, roam: false, selectedMode: false,
        layoutCenter: ["50%", "50%"], layoutSize: "100%", aspectScale: 0.8, labelLayout: { hideOverlap: true },
        nameProperty: "name", label: { show: true, fontSize: 10, textBorderColor: "#fff", textBorderWidth: 2, color: "#16222e" },
        itemStyle: { areaColor: "#eef1f4", borderColor: "#52606d" }, emphasis: { itemStyle: { areaColor: "#ffd27f" } },
      }],
    }, true);
    for (const button of buttons.children) button.setAttribute("aria-pressed", String(button.textContent === layer.title));
  };
  for (const layer of options.layers) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = layer.title;
    button.addEventListener("click", () => show(layer));
    buttons.append(button);
  }
  start.on("click", (item) => {
    if (links.has(item.name)) location.href = `${siteRoot()}counties/${links.get(item.name)}.html`;
  });
  show(options.layers[0]);
}

const drawn = new Map();

function draw(script) {
  const place = document.getElementById(script.dataset.for);
  if (drawn.has(place)) return;
  const options = JSON.parse(script.textContent);
  const label = place.getAttribute("aria-label");
  const start = echarts.init(place, null, { renderer: "svg", locale: "ZH" });
  drawn.set(place, start);
  if (script.dataset.kind === "map") drawMap(place, options, start);
  else start.setOption(finished(options));
  place.setAttribute("aria-label", label);
}

// A drawing has the screen's measures, which paper does not have: with a view box it shrinks to fit.
function letScale(chart, place) {
  place.querySelector("svg").setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
}

function drawCharts() {
  const scripts = [...document.querySelectorAll('script[type="application/json"][data-for]')];
  if (!scripts.length) return;
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(scripts.find((script) => script.dataset.for === entry.target.id));
    }
  }, { rootMargin: "300px" });
  for (const script of scripts) seen.observe(document.getElementById(script.dataset.for));
  const fit = () => drawn.forEach((chart) => chart.resize());
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", () => { scripts.forEach(draw); fit(); drawn.forEach(letScale); });
  window.addEventListener("afterprint", fit);
}

// Tables ------------------------------------------------------------------------------------------

function sortKey(cell) {
  const text = cell.textContent.trim();
  const number = Number(text.replace(/[,%\s]|个百分点/g, ""));
  if (text === MISSING || text === "※" || text === "") return null;
  return Number.isNaN(number) ? text : number;
}

function compared(first, second) {
  if (first === null || second === null) return (first === null) - (second === null);
  if (typeof first === "number" && typeof second === "number") return first - second;
  return String(first).localeCompare(String(second), "zh-CN");
}

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].map((row) => [sortKey(row.cells[column]), row]);
      // What is missing stays at the end, whichever way the rest is sorted.
      rows.sort(([a], [b]) => (a === null || b === null || !falling ? compared(a, b) : -compared(a, b)));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
}

function makeFilterable(form) {
  const table = document.getElementById(form.dataset.table);
  const rows = [...table.tBodies[0].rows];
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const output = form.querySelector("output");
  const apply = () => {
    const words = form.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = [...form.querySelectorAll("select")].filter((s) => s.value).map((s) => [s.dataset.filter, s.value]);
    let shown = 0;
    for (const row of rows) {
      const fits = words.every((word) => texts.get(row).includes(word)) && wanted.every(([name, value]) => row.dataset[name] === value);
      row.hidden = !fits;
      shown += fits;
    }
    output.textContent = `${shown} / ${rows.length}`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
}

// What a figure means ------------------------------------------------------------------------------

function explain(link) {
  const [mart, column] = link.hash.slice(1).split(".");
  const keys = [];
  for (let at = link.closest("[data-k]"); at; at = at.parentElement.closest("[data-k]")) keys.push(at.dataset.k);
  if (!keys.length || !column) return false;
  const [title, meaning] = (window.FIGURES[mart] || {})[column] || ["", ""];
  const dialog = document.getElementById("explain");
  dialog.querySelector("h2").textContent = title || column;
  dialog.querySelector(".value").textContent = link.textContent.trim();
  dialog.querySelector(".meaning").textContent = `${mart}.${column}：${meaning || ""}`;
  const key = decodeURIComponent(keys.join("&").replace(/\+/g, " "));
  dialog.querySelector(".command").textContent = `zengshou explain '${mart}.${column}?${key}'`;
  dialog.querySelector(".more").href = link.href;
  dialog.showModal();
  return true;
}

// Long tables name the figure of a column once, in its head; its cells become links here.
function linkCells(table) {
  const heads = [...table.tHead.rows[0].cells];
  const root = siteRoot();
  heads.forEach((head, column) => {
    if (!head.dataset.f) return;
    const [page, anchor] = head.dataset.f.startsWith("method.") ? ["method", head.dataset.f.slice(7)] : ["figures", head.dataset.f];
    for (const row of table.tBodies[0].rows) {
      const link = document.createElement("a");
      link.className = "f";
      link.href = `${root}${page}.html#${anchor}`;
      link.append(...row.cells[column].childNodes);
      row.cells[column].append(link);
    }
  });
}

function explainFigures() {
  const dialog = document.getElementById("explain");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.f");
    if (link && !event.ctrlKey && !event.metaKey && explain(link)) event.preventDefault();
    if (event.target === dialog || event.target.matches("dialog .close")) dialog.close();
    if (event.target.matches("dialog .copy")) copy(dialog.querySelector(".command"), event.target);
  });
}

function copy(source, button) {
  const range = document.createRange();
  range.selectNodeContents(source);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  // A page from a folder has no clipboard to write to in some browsers; the selection is there then.
  button.textContent = document.execCommand("copy") ? "已复制" : "已选中，请按 Ctrl+C";
}

document.querySelectorAll("table:has(th[data-f])").forEach(linkCells);
document.querySelectorAll("table.sortable").forEach(makeSortable);
document.querySelectorAll("form.filters").forEach(makeFilterable);
explainFigures();
drawCharts();
