// The journey: it travels through a run that figures/journey.py has written down, and computes nothing of it.
//
// What depends on the run alone comes as cargo (assets/cargo.js), and so do the chosen sample's outputs. At each rest
// of the cursor comes a small parcel, the moment: where the cursor is, and the exact picture there. Whatever moves
// with the cursor is painted from what is here already. One journey lives on the root element as long as that exists:
//   journey.run, journey.sample  the cargo     journey.moment  the last parcel     journey.t  the iteration
//   journey.k   the shown iteration nearest to t, as an index     journey.view  what the user has chosen to see
//   journey.charts   one for each chart: its words, its nodes, its scale
// Python repeats the number of the last turn that it has heard: see `receive`.
//
//   1 Pure functions   2 The page   3 Charts   4 The picture   5 The atlas   6 Words and tables   7 Moving   8 Talking to Python

// ── 1 Pure functions ─────────────────────────────────────────────────────────────────────────────────────────

/** The index of the value nearest to v in ascending values. */
function nearestIndex(values, v) {
  let low = 0, high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= v) low = middle;
    else high = middle;
  }
  return v - values[low] <= values[high] - v ? low : high;
}

/** About `count` round numbers from low to high. */
function ticks(low, high, count) {
  const rough = (high - low) / count, size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((f) => f * size).find((s) => s >= rough * 0.999), found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

/** About `count` powers of ten from 10^low to 10^high; where these are few, 2 and 5 times a power as well. */
function powers(low, high, count) {
  const step = Math.max(1, Math.ceil((high - low) / count)), between = high - low < 2.5 ? [1, 2, 5] : [1], found = [];
  for (let p = Math.floor(low); p <= high; p += step) found.push(...between.map((f) => Number(`${f}e${p}`)));
  return found.filter((v) => Math.log10(v) >= low - 1e-9 && Math.log10(v) <= high + 1e-9);
}

const SMALL = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];
const powerText = (v) => {
  const p = Math.floor(Math.log10(v) + 1e-9), f = Math.round(v / 10 ** p);
  return p >= -3 && p <= 3 ? plainText(v) : `${f > 1 ? `${f}·` : ""}10${p < 0 ? "⁻" : ""}${[...String(Math.abs(p))].map((d) => SMALL[d]).join("")}`;
};
const plainText = (v) => String(Number(v.toPrecision(6))).replaceAll("-", "−");

/** Where `value` crosses 0 on a grid of n × n points over the unit square: pairs of points (marching squares). */
function crossings(value, n) {
  const found = [], last = n - 1;
  for (let i = 0; i < last; i++) for (let j = 0; j < last; j++) {
    const corners = [value(i, j), value(i, j + 1), value(i + 1, j + 1), value(i + 1, j)], cut = [];
    for (let e = 0; e < 4; e++) {
      const p = corners[e], q = corners[(e + 1) % 4];
      if (p < 0 === q < 0) continue;
      const f = p / (p - q);
      cut.push([[j + f, i], [j + 1, i + f], [j + 1 - f, i + 1], [j, i + 1 - f]][e].map((v) => v / last));
    }
    for (let c = 0; c + 1 < cut.length; c += 2) found.push([cut[c], cut[c + 1]]);
  }
  return found;
}

/** The bit of sample s in frame f. */
const bitOf = ({ values, shape }, f, s) => (values[f * shape[1] + (s >> 3)] >> (s & 7)) & 1;

/** The last entry [k, …] of a list whose k is not beyond this one. */
const since = (entries, k) => entries.findLast(([from]) => from <= k)?.[1] ?? [];

// ── 2 The page ───────────────────────────────────────────────────────────────────────────────────────────────

const ICON = { play: "M7 5l11 7-11 7z", pause: "M8 5v14M16 5v14" };
const SECONDS = 12; // that a whole run plays

function createJourney(parent) {
  const journey = { view: { log: {}, choice: {}, hidden: 0, quantity: 0, speed: 1 }, parts: {}, charts: [], t: 0, k: 0 }, p = journey.parts;
  p.icon = svg("path", { d: ICON.play });
  p.play = el("button", { type: "button", class: "play", "aria-label": "Play", click: () => (journey.playing ? pause(journey) : play(journey)) },
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, p.icon));
  p.range = el("input", { type: "range", min: 0, step: 1, "aria-label": "Iteration", input: () => (pause(journey), go(journey, Number(p.range.value))) });
  p.where = el("p", { class: "where" });
  p.every = el("p", { class: "every" });
  p.speed = select("Speed", [0.5, 1, 2, 4].map((v) => [v, `${v}×`]), (v) => (journey.view.speed = Number(v)));
  p.speed.select.value = "1";
  p.transport = el("div", { class: "transport" }, p.play, p.range, el("div", { class: "place" }, p.where, p.every), p.speed.node);
  p.notice = el("p", { class: "notice", role: "note", hidden: true });
  p.views = el("div", { class: "views" });
  p.atlas = el("section", { class: "atlas", "aria-label": "Gradient atlas" });
  p.findings = el("ul", { class: "findings" });
  p.table = el("div", { class: "scroll" });
  p.details = el("details", { class: "numbers", toggle: () => paintTable(journey) }, el("summary", {}, "The numbers at this iteration as a table"), p.table);
  journey.root = el("section", { class: "journey", "data-testid": "journey", "aria-label": "The journey through the run", hidden: true },
    p.transport, p.notice, p.views, p.atlas, p.details);
  journey.root.journey = journey;
  journey.box = el("div", { class: "journey-box" }, journey.root);
  parent.append(journey.box);
  listen(journey);
  return journey;
}

function listen(journey) {
  const stop = new AbortController(), { signal } = stop;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => retheme(journey), { signal });
  document.addEventListener("backstep-cargo", () => receive(journey), { signal });
  const sizes = new ResizeObserver(() => journey.run && journey.root.clientWidth !== journey.width && measure(journey));
  sizes.observe(journey.box);
  journey.destroy = () => {
    cancelAnimationFrame(journey.playing);
    clearTimeout(journey.resting);
    stop.abort();
    sizes.disconnect();
    journey.box.remove();
  };
}

function select(label, pairs, change) {
  const node = el("select", { change: () => change(node.value) }, ...pairs.map(([value, text]) => el("option", { value }, text)));
  return { node: el("label", {}, el("span", {}, label), node), select: node };
}

/** A figure: its title, what can be chosen, the drawing, and what stands below it. */
function figure(kind, title, controls, drawing, ...below) {
  const node = el("figure", { class: kind, "data-testid": `view-${kind}` });
  const menu = saveMenu(title, (form) => saveFigure(node, kind, title, form));
  node.append(el("figcaption", {}, el("h2", {}, title), el("div", { class: "controls" }, ...controls, menu)), drawing, ...below);
  return node;
}

/** The figure as it is seen, at the iteration that is shown. */
function saveFigure(node, kind, title, form) {
  const { journey } = node.closest(".journey"), drawing = node.querySelector("[role=img]");
  label(journey);
  const { text, size } = savedPicture(node, { title, when: journey.parts.where.textContent, said: drawing.getAttribute("aria-label") });
  return SAVE[form](text, size, `backstep-${kind}-iteration-${shownAt(journey, journey.k)}`);
}

/** Everything of a new run. */
function build(journey) {
  const { run, parts: p } = journey;
  set(p.range, "max", count(journey) - 1);
  p.notice.hidden = !run.notice;
  write(p.notice, run.notice);
  write(p.every, run.every > 1 ? `Every ${ordinal(run.every)} iteration is shown, and the last.` : "Every iteration is shown.");
  p.views.classList.toggle("unpictured", !run.picture);
  journey.charts = run.charts.map((words) => buildChart(journey, words, run));
  journey.picture = run.picture && buildPicture(journey);
  buildSample(journey);
  buildAtlas(journey);
  arrange(journey);
  journey.root.hidden = false;
  journey.width = undefined;
}

function buildSample(journey) {
  const { sample } = journey;
  journey.charts = journey.charts.filter(({ words }) => words.name !== "sample");
  if (sample) journey.charts.push(buildChart(journey, sample.chart, sample));
}

function arrange({ charts, picture, parts: p }) {
  const [cost, ...others] = charts.map(({ node }) => node);
  p.views.replaceChildren(cost, ...(picture ? [picture.node] : []), ...others);
}

const count = ({ run }) => run.arrays.iterations.values.length;
const shownAt = ({ run }, k) => run.arrays.iterations.values[k];
const ordinal = (n) => `${n}${n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th"}`;

function measure(journey) {
  journey.width = journey.root.clientWidth;
  journey.charts.forEach((chart) => drawChart(journey, chart));
  if (journey.picture) drawPicture(journey);
  drawAtlas(journey);
  reserveFindings(journey);
  paint(journey);
}

function retheme(journey) {
  paintTheme(journey.root);
  if (!journey.run) return;
  journey.painted = undefined;
  measure(journey);
}

// ── 3 Charts ─────────────────────────────────────────────────────────────────────────────────────────────────

const PAD = { left: 62, right: 10, top: 10, bottom: 40 };

function buildChart(journey, words, cargo) {
  const chart = { words, cargo, view: journey.view }, { name, choices } = words, controls = [];
  if (choices.length > 1) {
    const chosen = select("Layer", choices.map(({ label }, c) => [c, label]), (c) => ((journey.view.choice[name] = Number(c)), redraw()));
    chosen.select.value = String(choiceOf(chart).index);
    controls.push(chosen.node);
  }
  if (words.log && choices[0].least) {
    const box = el("input", { type: "checkbox", change: () => ((journey.view.log[name] = box.checked), redraw()) });
    box.checked = Boolean(journey.view.log[name]);
    controls.push(el("label", { class: "check" }, box, "Log scale"));
  }
  const redraw = () => (drawChart(journey, chart), paintChart(journey, chart), label(journey));
  chart.svg = svg("svg", { class: "plot", role: "img", "data-testid": `chart-${name}` });
  scrubbed(journey, chart.svg, (x) => (x - PAD.left) / (chart.width - PAD.left - PAD.right) * endOf(journey, chart));
  chart.legend = el("ul", { class: "legend" });
  chart.note = el("p", { class: "note" });
  chart.node = figure(name, words.title, controls, chart.svg, chart.legend, chart.note);
  return chart;
}

function choiceOf({ words, view }) {
  const index = Math.min(view.choice[words.name] ?? 0, words.choices.length - 1);
  return { ...words.choices[index], index };
}

/** The last iteration of the axis: of the longer run, where there are two. */
function endOf({ run }, { words, cargo }) {
  const ends = words.choices[0].lines.map(({ x }) => xsOf(run, cargo, x).at(-1));
  return Math.max(...ends, 1);
}

const xsOf = (run, cargo, name) => (cargo.arrays[name] ?? run.arrays[name]).values;
const isLog = ({ words, view }) => Boolean(words.log && view.log[words.name] && words.choices[0].least);

/** From values to pixels: a linear or a logarithmic axis. */
function scaleOf(chart, height) {
  const { low, high, least } = choiceOf(chart), log = isLog(chart);
  const from = log ? Math.log10(Math.max(least, high * 1e-12)) : low, to = log ? Math.log10(high) : high;
  const room = to > from ? 0 : Math.abs(to) || 1, [bottom, top] = [from - room / 2, to + room / 2];
  const y = (v) => height - PAD.bottom - ((log ? Math.log10(Math.max(v, 10 ** bottom)) : v) - bottom) / (top - bottom) * (height - PAD.bottom - PAD.top);
  const marks = log && top - bottom >= 0.7 ? powers(bottom, top, 5) : ticks(log ? 10 ** bottom : bottom, log ? 10 ** top : top, 4);
  return { y, marks, text: log && top - bottom >= 0.7 ? powerText : plainText };
}

/** What no cursor changes: axes and lines. */
function drawChart(journey, chart) {
  const { run } = journey, { words, cargo } = chart, chosen = choiceOf(chart);
  const width = (chart.width = Math.max(200, chart.node.clientWidth)), height = chart.svg.clientHeight || 210;
  const scale = (chart.scale = scaleOf(chart, height)), end = endOf(journey, chart);
  chart.x = (t) => PAD.left + (t / end) * (width - PAD.left - PAD.right);
  const bottom = height - PAD.bottom, right = width - PAD.right;
  const across = ticks(0, end, Math.max(2, Math.floor(width / 110))).filter(Number.isInteger);
  set(chart.svg, "viewBox", `0 0 ${width} ${height}`);
  chart.now = svg("line", { class: "now", y1: PAD.top, y2: bottom });
  chart.dots = chosen.lines.map(({ look }) => svg("circle", { class: `dot ${look}`, r: 4 }));
  chart.svg.replaceChildren(
    svg("rect", { class: "ground", x: PAD.left, y: PAD.top, width: right - PAD.left, height: bottom - PAD.top }),
    ...scale.marks.map((v) => svg("path", { class: "grid", d: `M${PAD.left} ${scale.y(v).toFixed(1)}H${right}` })),
    ...scale.marks.map((v) => svg("text", { class: "down", x: PAD.left - 8, y: scale.y(v) }, scale.text(v))),
    ...across.map((t) => svg("text", { class: "across", x: chart.x(t), y: bottom + 17 }, String(t))),
    svg("text", { class: "axis across", x: (PAD.left + right) / 2, y: height - 5 }, "iteration"),
    svg("text", { class: "axis across", transform: `translate(13 ${(PAD.top + bottom) / 2}) rotate(-90)` }, shortUnit(words)),
    ...run.forks.filter((t) => t <= end).map((t) => svg("path", { class: "fork", d: `M${chart.x(t).toFixed(1)} ${PAD.top}V${bottom}` }, svg("title", {}, `fork at iteration ${t}`))),
    ...(chosen.marks ?? []).map((v, k) => svg("path", { class: `target ${chosen.lines[k].look}`, d: `M${PAD.left} ${scale.y(v).toFixed(1)}H${right}` })),
    ...chosen.lines.map((line) => svg("path", { class: `line ${line.look}`, d: pathOf(chart, xsOf(run, cargo, line.x), cargo.arrays[line.values].values) })),
    chart.now, ...chart.dots);
  chart.values = chosen.lines.map(() => el("output", {}));
  chart.legend.replaceChildren(...chosen.lines.map(({ label: text, look }, k) => el("li", {},
    svg("svg", { class: "swatch", viewBox: "0 0 26 10", "aria-hidden": "true" }, svg("path", { class: `line ${look}`, d: "M1 5H25" })), el("span", {}, text), chart.values[k])));
  write(chart.note, [words.name === "cost" ? words.unit : "", chosen.note].filter(Boolean).join("; "));
}

const shortUnit = ({ name, unit }) => (name === "cost" ? "cost C" : unit);

/** A line with a gap wherever a number is not finite. What is far outside goes no further: a path knows no huge number. */
function pathOf({ x, scale: { y } }, xs, values) {
  let text = "", pen = "M";
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k])) { pen = "M"; continue; }
    text += `${pen}${x(xs[k]).toFixed(1)} ${Math.max(-2000, Math.min(4000, y(values[k]))).toFixed(1)}`;
    pen = "L";
  }
  return text;
}

/** The point of now, and the values there. Another run's values are those of its nearest iteration. */
function paintChart(journey, chart) {
  const { run } = journey, { cargo, now, dots, values, scale, x } = chart, here = shownAt(journey, journey.k);
  set(now, "x1", x(here).toFixed(1));
  set(now, "x2", x(here).toFixed(1));
  choiceOf(chart).lines.forEach((line, i) => {
    const xs = xsOf(run, cargo, line.x), k = line.x === "iterations" ? journey.k : nearestIndex(xs, here), v = cargo.arrays[line.values].values[k];
    write(values[i], number(v));
    set(dots[i], "visibility", Number.isFinite(v) ? "visible" : "hidden");
    if (!Number.isFinite(v)) return;
    set(dots[i], "cx", x(xs[k]).toFixed(1));
    set(dots[i], "cy", scale.y(v).toFixed(1));
  });
}

/** A press on a drawing, and a drag over it, move the cursor; `iterationAt` is of a place in its pixels. */
function scrubbed(journey, node, iterationAt, pressed = () => {}) {
  const to = (event) => {
    const { left } = node.getBoundingClientRect();
    go(journey, nearestIndex(journey.run.arrays.iterations.values, iterationAt(event.clientX - left)));
  };
  dress(node, {
    pointerdown: (e) => {
      if (e.button || !e.isPrimary) return;
      pause(journey);
      node.setPointerCapture(e.pointerId);
      journey.dragging = true;
      to(e);
      pressed(e);
    },
    pointermove: (e) => journey.dragging && node.hasPointerCapture(e.pointerId) && to(e),
    pointerup: () => (journey.dragging = false),
    pointercancel: () => (journey.dragging = false),
  }, []);
}

// ── 4 The picture ────────────────────────────────────────────────────────────────────────────────────────────

const FRAME = { left: 46, right: 8, top: 8, bottom: 40 };
const TITLES = {
  plane: "Decision boundary", surface: "Output over both inputs", curve: "Output over the input",
};

function buildPicture(journey) {
  const { picture: words } = journey.run, picture = {};
  const units = select("Borders of", [[0, "no units"], ...words.hidden.map((l) => [l, `layer ${l}`])], (l) => ((journey.view.hidden = Number(l)), repaint(journey)));
  if (words.hidden.includes(journey.view.hidden)) units.select.value = String(journey.view.hidden);
  else journey.view.hidden = 0;
  picture.canvas = el("canvas", { "aria-hidden": "true" });
  picture.svg = svg("svg", { class: "sheet", role: "img", "data-testid": "picture" });
  picture.caption = el("p", { class: "note" });
  picture.legend = el("ul", { class: "legend" });
  picture.node = figure("picture", TITLES[words.kind], words.hidden.length ? [units.node] : [],
    el("div", { class: "canvas" }, picture.canvas, picture.svg), picture.legend, picture.caption);
  return picture;
}

/** The marker and the hue of a class; from the fifth class on another pairing of the two. */
const markerOf = ({ markers }, c) => MARKERS[markers[(c + Math.floor(c / 4)) % 4]];
const hueOf = (c) => `class${c % 4}`;

/** What no cursor changes: axes and samples. */
function drawPicture(journey) {
  const { run, picture } = journey, { ranges: [[left, right], [low, high]], axes } = run.picture;
  const size = (picture.size = Math.min(Math.max(220, picture.node.clientWidth), 460)), { kind } = run.picture;
  const bottom = size - FRAME.bottom, end = size - FRAME.right;
  picture.x = (v) => FRAME.left + ((v - left) / (right - left)) * (end - FRAME.left);
  picture.y = (v) => bottom - ((v - low) / (high - low)) * (bottom - FRAME.top);
  set(picture.svg, "viewBox", `0 0 ${size} ${size}`);
  set(picture.svg, "style", `width: ${size}px; height: ${size}px`);
  Object.assign(picture.canvas.style, { left: `${FRAME.left}px`, top: `${FRAME.top}px`, width: `${end - FRAME.left}px`, height: `${bottom - FRAME.top}px` });
  const pixels = Math.round((end - FRAME.left) * (window.devicePixelRatio || 1));
  if (picture.canvas.width !== pixels) picture.canvas.width = picture.canvas.height = pixels;
  const clip = svg("clipPath", { id: "inside" }, svg("rect", { x: FRAME.left, y: FRAME.top, width: end - FRAME.left, height: bottom - FRAME.top }));
  for (const name of ["border", "units", "rings"]) picture[name] = svg("path", { class: name });
  picture.curves = run.picture.outputs.map((_, k) => svg("path", { class: `line line${k}` }));
  picture.names = svg("g", { class: "names" });
  const marks = ticks(low, high, 5), across = ticks(left, right, 5);
  picture.svg.replaceChildren(clip,
    ...(kind === "curve" ? [svg("rect", { class: "ground", x: FRAME.left, y: FRAME.top, width: end - FRAME.left, height: bottom - FRAME.top })] : []),
    svg("g", { "clip-path": "url(#inside)" }, picture.units, picture.border, samplesOf(journey), ...(kind === "curve" ? picture.curves : []), picture.rings, picture.names),
    svg("path", { class: "frame", d: `M${FRAME.left} ${FRAME.top}V${bottom}H${end}` }),
    ...marks.map((v) => svg("text", { class: "down", x: FRAME.left - 6, y: picture.y(v) }, plainText(v))),
    ...across.map((v) => svg("text", { class: "across", x: picture.x(v), y: bottom + 17 }, plainText(v))),
    svg("text", { class: "axis across", x: (FRAME.left + end) / 2, y: size - 5 }, axes[0]),
    svg("text", { class: "axis across", transform: `translate(11 ${(FRAME.top + bottom) / 2}) rotate(-90)` }, axes[1]));
  buildKey(journey);
  picture.drawn = undefined;
}

function samplesOf(journey) {
  const { run, picture } = journey, { kind, train, ranges } = run.picture, { x, y, class: classes } = run.arrays, m = x.shape[1], found = [];
  const scale = m > 300 ? 0.42 : m > 60 ? 0.55 : 0.8, place = (px, py) => `translate(${px.toFixed(1)} ${py.toFixed(1)}) scale(${scale})`;
  picture.radius = 14 * scale;
  for (let s = 0; s < m; s++) {
    const part = s < train ? "mark" : "mark test", px = picture.x(x.values[s]);
    const pick = s < train ? { click: () => choose(journey, s) } : {};
    if (kind === "plane") found.push(svg("path", { class: `${part} ${hueOf(classes.values[s])}`, d: markerOf(run, classes.values[s]), transform: place(px, picture.y(x.values[m + s])), ...pick }));
    else if (kind === "surface") {
      const [low, high] = spanOf(y.values.subarray(0, m)), tone = Math.round((100 * (y.values[s] - low)) / (high - low));
      found.push(svg("path", { class: `${part} tone`, style: `--tone: ${tone}%`, d: MARKERS.circle, transform: place(px, picture.y(x.values[m + s])), ...pick }));
    } else for (let k = 0; k < y.shape[0]; k++) found.push(svg("path", { class: `${part} line${k % 8}`, d: MARKERS.circle, transform: place(px, picture.y(y.values[k * m + s])), ...pick }));
  }
  return svg("g", { class: `samples ${kind}` }, ...found);
}

function spanOf(values) {
  const low = Math.min(...values), high = Math.max(...values);
  return high > low ? [low, high] : [low - 1, high + 1];
}

function buildKey(journey) {
  const { run, picture } = journey, { kind, classes, outputs, train } = run.picture, tested = run.arrays.x.shape[1] > train;
  const icon = (shape) => svg("svg", { class: "icon", viewBox: "-11 -11 22 22", "aria-hidden": "true" }, shape);
  const item = (shape, text) => el("li", {}, icon(shape), el("span", {}, text));
  picture.missed = el("output", {});
  const items = kind === "plane"
    ? [...classes.map((name, c) => item(svg("path", { class: `mark ${hueOf(c)}`, d: markerOf(run, c) }), name)),
      el("li", {}, icon(svg("circle", { class: "rings", r: 9 })), el("span", {}, "answered wrong"), picture.missed)]
    : kind === "curve" ? outputs.map((name, k) => item(svg("path", { class: `line line${k}`, d: "M-10 0H10" }), `output ${name}`)) : [];
  if (tested) items.push(item(svg("path", { class: "mark test", d: MARKERS.circle }), "held back for the test"));
  picture.legend.replaceChildren(...items);
}

/** The frame to show: the exact one where it has come, else the nearest of those that travelled along. */
function frameOf({ run, moment, t, k }) {
  const exact = moment.run === run.id && moment.iteration === t && (moment.arrays.cells || moment.arrays.curves);
  if (exact) return { arrays: moment.arrays, f: 0, t, exact: true };
  const f = nearestIndex(run.arrays.frames.values, k);
  return { arrays: run.arrays, f, t: run.arrays.iterations.values[run.arrays.frames.values[f]], exact: false };
}

function paintPicture(journey) {
  const { picture, run, view } = journey, frame = frameOf(journey), { kind } = run.picture;
  const name = `${frame.exact} ${frame.t} ${view.hidden}`;
  write(picture.caption, captionOf(journey, frame));
  if (picture.drawn === name) return;
  picture.drawn = name;
  set(picture.svg, "data-frame", frame.t);
  set(picture.svg, "data-exact", frame.exact);
  if (kind === "curve") paintCurves(journey, frame);
  else paintCells(journey, frame);
  if (kind === "plane") (paintBorder(journey, frame), paintRings(journey, frame));
  paintUnits(journey, frame);
}

/** Whether the units of a hidden layer have straight borders, which travel with every frame. */
const isStraight = ({ run }, layer) => run.picture.straight.includes(layer);

function captionOf(journey, frame) {
  const { t, view } = journey;
  const what = frame.exact || frame.t === t ? `Iteration ${frame.t}.` : `The picture of iteration ${frame.t}, the nearest at hand.`;
  return view.hidden && !isStraight(journey, view.hidden) && !frame.exact ? `${what} The borders of layer ${view.hidden} are drawn when the slider rests.` : what;
}

/** A custom property of the root as [r, g, b]. */
function colourOf({ root }, name) {
  const key = `${root.dataset.theme} ${name}`, known = (root.colours ??= {});
  if (!known[key]) {
    root.probe.style.color = `var(${name})`;
    known[key] = getComputedStyle(root.probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  }
  return known[key];
}

function paintCells(journey, { arrays: { cells }, f }) {
  const { run, picture: { canvas } } = journey, n = cells.shape[1], { shift, kind, classes } = run.picture, image = new ImageData(n, n);
  const hues = kind === "plane" ? classes.map((_, c) => colourOf(journey, `--class${c % 4}`)) : [colourOf(journey, "--forward")];
  const most = kind === "plane" ? (1 << shift) - 1 : 255, least = kind === "plane" ? 12 : 0, power = kind === "plane" ? 2 : 1;
  for (let i = 0; i < n * n; i++) {
    const v = cells.values[f * n * n + i], [r, g, b] = hues[kind === "plane" ? v >> shift : 0];
    image.data.set([r, g, b, least + 110 * ((v & most) / most) ** power], 4 * i);
  }
  const small = new OffscreenCanvas(n, n), pen = canvas.getContext("2d");
  small.getContext("2d").putImageData(image, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(small, 0.5, 0.5, n - 1, n - 1, 0, 0, canvas.width, canvas.height);
}

/** Pairs of points of the unit square as a path of the picture. */
function segments({ run: { picture: { ranges: [[left, right], [low, high]] } }, picture }, pairs) {
  const point = ([u, v]) => `${picture.x(left + u * (right - left)).toFixed(1)} ${picture.y(high - v * (high - low)).toFixed(1)}`;
  return pairs.map(([p, q]) => `M${point(p)}L${point(q)}`).join("");
}

function paintBorder(journey, { arrays: { cells }, f }) {
  const { run: { picture: { shift, classes } }, picture } = journey, n = cells.shape[1], most = (1 << shift) - 1;
  const at = (i, j) => cells.values[(f * n + i) * n + j];
  const won = new Set(cells.values.subarray(f * n * n, (f + 1) * n * n).map((v) => v >> shift));
  const each = classes.length > 2 ? [...won] : [1], strength = (v) => ((v & most) + 0.5) ** 2;
  const pairs = won.size > 1 ? each.flatMap((c) => crossings((i, j) => (at(i, j) >> shift === c ? 1 : -1) * strength(at(i, j)), n)) : [];
  set(picture.border, "d", segments(journey, pairs));
}

function paintRings({ run, picture }, { arrays: { wrong }, f }) {
  const { x } = run.arrays, m = x.shape[1], { train } = run.picture, r = picture.radius, missed = [0, 0];
  let text = "";
  for (let s = 0; s < m; s++) if (bitOf(wrong, f, s)) {
    missed[s < train ? 0 : 1] += 1;
    text += `M${(picture.x(x.values[s]) - r).toFixed(1)} ${picture.y(x.values[m + s]).toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  }
  set(picture.rings, "d", text);
  write(picture.missed, `${missed[0]} of ${train}${m > train ? `, test ${missed[1]} of ${m - train}` : ""}`);
}

function paintCurves({ run, picture }, { arrays: { curves }, f }) {
  const [, K, n] = curves.shape, [left, right] = run.picture.ranges[0];
  picture.curves.forEach((node, k) => {
    let text = "", pen = "M";
    for (let i = 0; i < n; i++) {
      const v = curves.values[(f * K + k) * n + i];
      if (!Number.isFinite(v)) { pen = "M"; continue; }
      text += `${pen}${picture.x(left + (i / (n - 1)) * (right - left)).toFixed(1)} ${Math.max(-2000, Math.min(4000, picture.y(v))).toFixed(1)}`;
      pen = "L";
    }
    set(node, "d", text);
  });
}

/** Where each unit of the chosen hidden layer has z = 0, with the unit's number at its end. */
function paintUnits(journey, { arrays, f }) {
  const { picture, view: { hidden } } = journey, paths = isStraight(journey, hidden) ? linesOf(journey, arrays.lines, f) : hidden ? bordersOf(journey, arrays[`hidden ${hidden}`]) : [];
  set(picture.units, "d", paths.map(({ d }) => d).join(""));
  picture.names.replaceChildren(...paths.filter(({ d }) => d).map(({ x, y, unit }) => svg("text", { x, y }, String(unit + 1))));
}

function linesOf({ picture }, { values, shape: [, units] }, f) {
  return Array.from({ length: units }, (_, unit) => {
    const [x1, y1, x2, y2] = values.subarray(4 * (f * units + unit), 4 * (f * units + unit) + 4), inside = (v) => Math.max(FRAME.left + 10, Math.min(picture.size - FRAME.right - 10, v));
    if (!Number.isFinite(x1 + y1 + x2 + y2)) return { d: "" };
    const [px, py, qx, qy] = [picture.x(x1), picture.y(y1), picture.x(x2), picture.y(y2)], away = 0.06 + (0.05 * (unit % 4));
    return { unit, d: `M${px.toFixed(1)} ${py.toFixed(1)}L${qx.toFixed(1)} ${qy.toFixed(1)}`, x: inside(px + away * (qx - px)), y: Math.max(18, Math.min(picture.size - FRAME.bottom - 6, py + away * (qy - py))) };
  });
}

function bordersOf(journey, grids) {
  if (!grids) return [];
  const [units, n] = grids.shape;
  return Array.from({ length: units }, (_, unit) => {
    const pairs = crossings((i, j) => grids.values[(unit * n + i) * n + j] + 1e-6, n), d = segments(journey, pairs);
    const [x, y] = d.slice(1).split("L")[0].split(" ").map(Number);
    return { unit, d, x: Math.min(x + 4, journey.picture.size - FRAME.right - 10), y: Math.max(18, y - 4) };
  });
}

// ── 5 The atlas ──────────────────────────────────────────────────────────────────────────────────────────────

const ATLAS = "Gradient atlas: how far the error travels";
const LISTS = 60; // different lists of findings whose heights are tried
const ROW = 38, MOST_ROWS = 16, HEAD = 58, TICKS = 38; // heights in pixels: of a layer, of the head of the table, below the map

function buildAtlas(journey) {
  const { run: { atlas }, parts: p, view } = journey, map = (journey.atlas = {});
  view.quantity = Math.min(view.quantity, atlas.quantities.length - 1);
  const shown = select("Show", atlas.quantities.map(({ label: text }, q) => [q, text]), (q) => ((view.quantity = Number(q)), drawAtlas(journey), paint(journey), label(journey)));
  shown.select.value = String(view.quantity);
  map.canvas = el("canvas", { "aria-hidden": "true" });
  map.svg = svg("svg", { role: "img", "data-testid": "atlas" });
  map.hover = el("p", { class: "note hover" });
  map.title = el("p", { class: "note" });
  scrubbed(journey, map.svg, (x) => shownAt(journey, Math.max(0, Math.min(count(journey) - 1, Math.floor(((x - PAD.left) / map.across) * count(journey))))),
    (e) => atlasPressed(journey, e));
  dress(map.svg, { pointermove: (e) => hover(journey, e), pointerleave: () => write(map.hover, "") }, []);
  map.table = buildCauses(journey);
  p.atlas.replaceChildren(
    el("div", { class: "head" }, el("h2", {}, ATLAS), el("div", { class: "controls" }, shown.node, saveMenu(ATLAS, (form) => saveFigure(p.atlas, "atlas", ATLAS, form)))), map.title,
    el("div", { class: "maps" }, el("div", { class: "map" }, el("div", { class: "canvas" }, map.canvas, map.svg), map.hover), map.table.node), p.findings);
}

/** The height of a layer in the map: rows of a deep network share the height that sixteen have. */
const rowOf = ({ run: { atlas: { layers } } }) => Math.min(ROW, Math.max(4, Math.floor((MOST_ROWS * ROW) / layers.length)));

/** Row 0 on top is the output layer: the error travels downwards. */
const layerOf = ({ run: { atlas } }, row) => atlas.layers.length - 1 - row;
const quantityOf = ({ run: { atlas }, view }) => atlas.quantities[view.quantity];

function buildCauses(journey) {
  const { atlas } = journey.run, table = { bars: [], values: [], causes: [] };
  table.legend = el("canvas", { class: "ramp", "aria-hidden": "true", width: 256, height: 1 });
  table.ends = [el("span"), el("span")];
  table.head = el("th", { scope: "col", class: "size" }, table.legend, el("span", { class: "ends" }, ...table.ends));
  table.name = el("th", { scope: "col" });
  const rows = atlas.layers.map((_, row) => {
    const l = layerOf(journey, row), bar = el("span", { class: "bar" }), value = el("td", {}), causes = atlas.causes.map(() => el("td", {}));
    Object.assign(table, { bars: [...table.bars, bar], values: [...table.values, value], causes: [...table.causes, causes] });
    const at = el("button", { type: "button", title: `Show layer ${l + 1} on the stage`, click: () => show(journey, l) }, atlas.layers[l]);
    return el("tr", {}, el("th", { scope: "row" }, at), el("td", { class: "size" }, bar), value, ...causes);
  });
  const columns = atlas.causes.map(({ label: text, title }) => el("th", { scope: "col", title }, text));
  table.node = el("div", { class: "causes scroll" }, el("table", { "data-testid": "causes" },
    el("caption", { class: "unseen" }, "Layers at this iteration, and where the error's size comes from"),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Layer"), table.head, table.name, ...columns)), el("tbody", {}, ...rows)),
  el("p", { class: "note" }, "factor = gain of Wᵀ · passed by f′, from the layer above; a factor below 1 shrinks the error"));
  return table;
}

/** A colour for each of 256 steps of the logarithmic scale. */
function ramp(journey) {
  const canvas = new OffscreenCanvas(256, 1), pen = canvas.getContext("2d", { willReadFrequently: true }), gradient = pen.createLinearGradient(0, 0, 256, 0);
  for (let k = 0; k < 5; k++) gradient.addColorStop(k / 4, getComputedStyle(journey.root).getPropertyValue(`--heat${k}`).trim());
  pen.fillStyle = gradient;
  pen.fillRect(0, 0, 256, 1);
  return pen.getImageData(0, 0, 256, 1);
}

/** From a value to 0 … 1 of the scale; undefined where there is no size: 0, or not a number. */
function shareOf([low, high], v) {
  if (!(v > 0)) return undefined;
  return Math.max(0, Math.min(1, (Math.log10(v) - low) / (high - low)));
}

function drawAtlas(journey) {
  const { run: { atlas, arrays, last }, atlas: map } = journey, { name, range, label: text, title } = quantityOf(journey), L = atlas.layers.length, T = count(journey);
  const width = Math.max(200, map.svg.parentNode.parentNode.clientWidth), across = (map.across = width - PAD.left - PAD.right), R = rowOf(journey), height = L * R, colours = ramp(journey).data, none = colourOf(journey, "--line");
  const image = new ImageData(T, L);
  for (let row = 0; row < L; row++) for (let k = 0; k < T; k++) {
    const part = shareOf(range, arrays[name].values[k * L + layerOf(journey, row)]), place = 4 * Math.round(255 * (part ?? 0));
    image.data.set(part === undefined ? [...none, 255] : colours.subarray(place, place + 4), 4 * (row * T + k));
  }
  const small = new OffscreenCanvas(T, L), pen = map.canvas.getContext("2d");
  small.getContext("2d").putImageData(image, 0, 0);
  map.canvas.width = Math.round(across * (window.devicePixelRatio || 1));
  map.canvas.height = height;
  Object.assign(map.canvas.style, { left: `${PAD.left}px`, top: `${HEAD}px`, width: `${across}px`, height: `${height}px` });
  pen.imageSmoothingEnabled = T > across;
  pen.drawImage(small, 0, 0, T, L, 0, 0, map.canvas.width, map.canvas.height);
  set(map.svg, "viewBox", `0 0 ${width} ${HEAD + height + TICKS}`);
  set(map.svg, "style", `width: ${width}px; height: ${HEAD + height + TICKS}px`);
  map.now = svg("rect", { class: "now", y: HEAD - 4, height: height + 8, width: Math.max(2, across / T) });
  const labelled = R < 16 ? (R < 8 ? 10 : 5) : 1; // of narrow rows every so many have a label
  const marks = ticks(0, Math.max(1, last), Math.max(2, Math.floor(width / 110))).filter((t) => Number.isInteger(t) && t <= last);
  map.svg.replaceChildren(
    svg("text", { class: "axis", x: PAD.left, y: HEAD - 14 }, text),
    ...atlas.layers.map((_, row) => layerOf(journey, row) + 1).filter((l) => l === 1 || l === L || (l % labelled === 0 && l > labelled / 2 && l < L - labelled / 2))
      .map((l) => svg("text", { class: "down", x: PAD.left - 8, y: HEAD + (L - l + 0.5) * R }, `layer ${l}`)),
    ...(R < 12 ? [] : atlas.layers.slice(1)).map((_, row) => svg("path", { class: "rule", d: `M${PAD.left} ${HEAD + (row + 1) * R}h${across}` })),
    ...marks.map((t) => svg("text", { class: "across", x: atlasX(journey, nearestIndex(arrays.iterations.values, t)) + across / T / 2, y: HEAD + height + 17 }, String(t))),
    svg("text", { class: "axis across", x: PAD.left + across / 2, y: HEAD + height + 34 }, "iteration"), map.now);
  write(map.title, title);
  map.table.node.classList.toggle("deep", L > MOST_ROWS);
  map.table.node.style.maxHeight = L > MOST_ROWS ? `${HEAD + height + TICKS}px` : "";
  drawCauses(journey);
}

const atlasX = ({ atlas: { across }, run }, k) => PAD.left + (k / run.arrays.iterations.values.length) * across;

function drawCauses(journey) {
  const { atlas: { table } } = journey, { range, label: text } = quantityOf(journey);
  table.legend.getContext("2d").putImageData(ramp(journey), 0, 0);
  table.ends.forEach((node, e) => write(node, powerText(10 ** range[e])));
  write(table.name, text);
}

function paintAtlas(journey) {
  const { run: { atlas, arrays }, atlas: map, k } = journey, { name, range } = quantityOf(journey), L = atlas.layers.length, { table } = map;
  set(map.now, "x", atlasX(journey, k).toFixed(1));
  for (let row = 0; row < L; row++) {
    const at = k * L + layerOf(journey, row), v = arrays[name].values[at], part = shareOf(range, v);
    table.bars[row].style.setProperty("--share", part === undefined ? 0 : Math.max(0.01, part));
    write(table.values[row], sizeText(v));
    atlas.causes.forEach((cause, c) => write(table.causes[row][c], sizeText(arrays[cause.name].values[at])));
  }
}

const sizeText = (v) => (Number.isNaN(v) ? "–" : number(Number.isFinite(v) ? v : v > 0 ? "overflow" : "−overflow"));

/** The layer under a pointer, or undefined. */
function rowUnder({ atlas: map, run }, event) {
  const row = Math.floor((event.clientY - map.svg.getBoundingClientRect().top - HEAD) / rowOf({ run }));
  return row >= 0 && row < run.atlas.layers.length ? row : undefined;
}

function hover(journey, event) {
  const { run: { atlas, arrays }, atlas: map } = journey, row = rowUnder(journey, event), L = atlas.layers.length;
  const k = Math.floor(((event.clientX - map.svg.getBoundingClientRect().left - PAD.left) / map.across) * count(journey));
  if (row === undefined || k < 0 || k >= count(journey)) return write(map.hover, "");
  const l = layerOf(journey, row), { name, label: text } = quantityOf(journey);
  return write(map.hover, `${atlas.layers[l]}, iteration ${shownAt(journey, k)}: ${text} ${sizeText(arrays[name].values[k * L + l])}`);
}

function atlasPressed(journey, event) {
  const row = rowUnder(journey, event);
  if (row !== undefined) journey.step = stepOf(journey, layerOf(journey, row));
}

const stepOf = (journey, l) => `${quantityOf(journey).symbol}${l + 1}`;

/** The stage goes to what the atlas shows of this layer. */
function show(journey, l) {
  journey.step = stepOf(journey, l);
  send(journey);
}

// ── 6 Words and tables ───────────────────────────────────────────────────────────────────────────────────────

function paint(journey) {
  const { run, parts: p, t, k, root } = journey, here = shownAt(journey, k);
  if (Number(p.range.value) !== k) p.range.value = String(k);
  set(p.range, "aria-valuetext", `Iteration ${here} of ${run.last}`);
  p.range.style.setProperty("--done", count(journey) > 1 ? k / (count(journey) - 1) : 0);
  write(p.where, `Iteration ${t} of ${run.last}${t === here ? "" : `; shown: ${here}`}`);
  set(root, "data-iteration", t);
  set(root, "data-shown", here);
  journey.charts.forEach((chart) => paintChart(journey, chart));
  if (journey.picture) paintPicture(journey);
  paintAtlas(journey);
  paintFindings(journey);
  paintTable(journey);
}

function repaint(journey) {
  journey.picture.drawn = undefined;
  paint(journey);
}

/** What is said at the k-th shown iteration, with its numbers (or `fixed`) in their places, and whether it is good news. */
function saidAt({ run: { arrays, atlas, findings } }, k, fixed) {
  const L = atlas.layers.length, value = (_, name, layer) => fixed ?? sizeText(arrays[name].values[layer ? k * L + Number(layer) - 1 : k]);
  return since(findings.said, k).map((i) => findings.sentences[i]).map(([text, good]) => [text.replace(/\{(\w+)(?: (\d+))?\}/g, value), good]);
}

function paintFindings(journey, k = journey.k, fixed = undefined) {
  const { findings } = journey.parts, said = saidAt(journey, k, fixed), items = findings.children;
  while (items.length > said.length) items[items.length - 1].remove();
  said.forEach(([text, good], i) => {
    const item = items[i] ?? findings.appendChild(el("li"));
    write(item, text);
    item.classList.toggle("good", good);
  });
}

const WIDE = "1.234e−56"; // a number as wide as any that comes

/** The box gets the height of the tallest list that this run has, so that nothing below it moves. */
function reserveFindings(journey) {
  const { run, parts: { findings } } = journey, lists = new Map(run.findings.said.map(([k, which]) => [which.join(), k]));
  const longest = [...lists.values()].sort((a, b) => since(run.findings.said, b).length - since(run.findings.said, a).length);
  findings.style.minHeight = "0";
  findings.style.minHeight = `${Math.max(...longest.slice(0, LISTS).map((k) => (paintFindings(journey, k, WIDE), findings.offsetHeight)))}px`;
}

/** Each drawing says in words what it shows at the cursor. */
function label(journey) {
  const { run, charts, picture, atlas: map, k } = journey, here = shownAt(journey, k);
  for (const { svg: node, words, values, ...chart } of charts) {
    const said = choiceOf({ words, view: journey.view }).lines.map(({ label: text }, i) => `${text} ${values[i].textContent}`);
    set(node, "aria-label", `${words.title}. Iteration ${here}: ${said.join(", ")}.`);
  }
  if (picture) set(picture.svg, "aria-label", `${TITLES[run.picture.kind]}. ${picture.caption.textContent}${picture.missed?.textContent ? ` Answered wrong: ${picture.missed.textContent}.` : ""}`);
  const L = run.atlas.layers.length, { name, label: text } = quantityOf(journey);
  const each = run.atlas.layers.map((layer, l) => `${layer} ${sizeText(run.arrays[name].values[k * L + l])}`);
  set(map.svg, "aria-label", `Heat map of layers and iterations: ${text}. Iteration ${here}: ${each.join(", ")}.`);
}

/** Only while it is open: all that is known of the cursor's iteration. */
function paintTable(journey) {
  const { run, charts, parts: { details, table }, k } = journey;
  if (!details.open || !run) return;
  const L = run.atlas.layers.length, { quantities, causes, more, layers, activations } = run.atlas, columns = [...quantities, ...causes, ...more];
  const general = charts.flatMap((chart) => choiceOf(chart).lines.map(({ label: text }, i) => [`${chart.words.title.split(":")[0]}: ${text}`, chart.values[i].textContent]));
  const row = (head, ...cells) => el("tr", {}, el("th", { scope: "row" }, head), ...cells.map((cell) => el("td", {}, cell)));
  table.replaceChildren(
    el("table", {}, el("tbody", {}, row("Iteration", String(shownAt(journey, k))), ...general.map(([name, value]) => row(name, value)))),
    el("table", {}, el("thead", {}, el("tr", {}, ...["Layer", "activation", ...columns.map(({ label: text }) => text)].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...layers.map((name, l) => row(name, activations[l], ...columns.map((column) => sizeText(run.arrays[column.name].values[k * L + l])))))),
    el("dl", {}, ...columns.flatMap(({ label: text, title }) => [el("dt", {}, text), el("dd", {}, title)])));
}

// ── 7 Moving ─────────────────────────────────────────────────────────────────────────────────────────────────

function go(journey, k) {
  journey.k = Math.max(0, Math.min(count(journey) - 1, k));
  journey.t = shownAt(journey, journey.k);
  paint(journey);
  if (!journey.playing) rest(journey);
}

function play(journey) {
  const start = journey.k >= count(journey) - 1 ? 0 : journey.k, seconds = Math.max(2, SECONDS * Math.min(1, count(journey) / 200));
  let began, speed = journey.view.speed, from = start;
  journey.resting = clearTimeout(journey.resting);
  const frame = (now) => {
    if (began === undefined || speed !== journey.view.speed) [began, speed, from] = [now, journey.view.speed, journey.k === count(journey) - 1 ? start : journey.k];
    const k = Math.floor(from + ((now - began) / 1000) * (count(journey) / seconds) * speed);
    journey.playing = requestAnimationFrame(frame);
    if (k !== journey.k) go(journey, k);
    if (journey.k >= count(journey) - 1) pause(journey);
  };
  journey.playing = requestAnimationFrame(frame);
  showPlaying(journey);
}

function pause(journey) {
  if (!journey.playing) return;
  cancelAnimationFrame(journey.playing);
  journey.playing = 0;
  showPlaying(journey);
  rest(journey);
}

function showPlaying({ playing, parts: p }) {
  set(p.icon, "d", playing ? ICON.pause : ICON.play);
  set(p.play, "aria-label", playing ? "Pause" : "Play");
}

function choose(journey, s) {
  journey.chosen = s;
  send(journey);
}

// ── 8 Talking to Python ──────────────────────────────────────────────────────────────────────────────────────

function rest(journey) {
  clearTimeout(journey.resting);
  journey.resting = setTimeout(() => send(journey), 150);
}

function send(journey) {
  journey.resting = clearTimeout(journey.resting);
  label(journey);
  const { t: iteration, step, chosen: sample } = journey;
  if (iteration === journey.told && !step && sample === undefined) return;
  journey.told = iteration;
  journey.turn += 1;
  journey.tell("cursor", { turn: journey.turn, iteration, ...(step && { step }), ...(sample !== undefined && { sample }) });
  journey.step = journey.chosen = undefined;
}

/** What Python says of the cursor counts once it has heard all that was said here, and while nobody is moving it. */
function receive(journey, parcel) {
  if (parcel) journey.moment = parcel;
  const { moment, run } = journey, fresh = cargo.get("run"), sample = cargo.get("sample");
  if (!moment || fresh?.id !== moment.run) return;
  journey.turn ??= moment.turn;
  const another = fresh !== run, grown = another && fresh.run === run?.run; // the same one, of which more is known
  const other = sample?.id === moment.sample && sample !== journey.sample;
  if (other) journey.sample = sample;
  if (another) {
    if (!grown) pause(journey);
    journey.run = fresh;
    if (!other && sample?.id !== moment.sample) journey.sample = undefined;
    build(journey);
    journey.k = nearestIndex(fresh.arrays.iterations.values, journey.t);
  } else if (other) (buildSample(journey), arrange(journey));
  if ((another && !grown) || (moment.turn === journey.turn && !journey.playing && !journey.dragging && !journey.resting)) takeUp(journey, moment.iteration);
  if (another || other) measure(journey);
  else paint(journey);
  if (another || !journey.dragging) label(journey);
}

function takeUp(journey, iteration) {
  journey.resting = clearTimeout(journey.resting);
  journey.t = journey.told = iteration;
  journey.k = nearestIndex(journey.run.arrays.iterations.values, iteration);
}

const cargo = (globalThis.backstepCargo ??= new Map());

export default function ({ data, parentElement, setStateValue }) {
  const journey = parentElement.querySelector("[data-testid=journey]")?.journey ?? createJourney(parentElement);
  journey.tell = setStateValue;
  const theme = journey.root.dataset.theme, bytes = data !== journey.data && data;
  paintTheme(journey.root);
  journey.data = data;
  if (journey.run && theme !== journey.root.dataset.theme) retheme(journey);
  if (bytes) receive(journey, unwrapped(bytes));
  return () => journey.destroy();
}

export { nearestIndex, ticks, powers, crossings, bitOf, since };
