// Charts over the iterations.

import { PAD, plainText, powers, powerText, ticks } from "./axes.js";
import { figure, label, scrubbed, select } from "./figures.js";
import { nearestIndex, shownAt } from "./lists.js";
import { el, set, svg, write } from "../nodes.js";
import { number } from "../numbers.js";

export function buildChart(journey, words, cargo) {
  const chart = { words, cargo, view: journey.view, width: 0 };
  chart.svg = svg("svg", { class: "plot", role: "img", "data-testid": `chart-${words.name}` });
  const share = (x) => (x - PAD.left) / (chart.width - PAD.left - PAD.right);
  scrubbed(journey, chart.svg, (x) => share(x) * endOf(journey, chart));
  chart.legend = el("ul", { class: "legend" });
  chart.note = el("p", { class: "note" });
  const controls = [...layerChoice(journey, chart), ...logChoice(journey, chart)];
  chart.node = figure(words.name, words.title, controls, chart.svg, chart.legend, chart.note);
  return chart;
}

function redraw(journey, chart) {
  drawChart(journey, chart);
  paintChart(journey, chart);
  label(journey);
}

/** The choice of a layer, where each has lines of its own. */
function layerChoice(journey, chart) {
  const { name, choices } = chart.words;
  if (choices.length < 2) return [];
  const chosen = select("Layer", choices.map((one, c) => [c, one.label]), (c) => {
    journey.view.choice[name] = Number(c);
    redraw(journey, chart);
  });
  chosen.select.value = String(choiceOf(chart).index);
  return [chosen.node];
}

function logChoice(journey, chart) {
  const { name, choices, log } = chart.words;
  if (!log || !choices[0].least) return [];
  const box = el("input", {
    type: "checkbox",
    change: () => {
      journey.view.log[name] = box.checked;
      redraw(journey, chart);
    },
  });
  box.checked = Boolean(journey.view.log[name]);
  return [el("label", { class: "check" }, box, "Log scale")];
}

export function choiceOf({ words, view }) {
  const index = Math.min(view.choice[words.name] ?? 0, words.choices.length - 1);
  return { ...words.choices[index], index };
}

/** The last iteration of the axis: of the longer run, where there are two. */
function endOf({ run }, { words, cargo }) {
  const ends = words.choices[0].lines.map(({ x }) => xsOf(run, cargo, x).at(-1));
  return Math.max(...ends, 1);
}

const xsOf = (run, cargo, name) => (cargo.arrays[name] ?? run.arrays[name]).values;

const isLog = ({ words, view }) =>
  Boolean(words.log && view.log[words.name] && words.choices[0].least);

/** From values to pixels: a linear or a logarithmic axis. */
function scaleOf(chart, height) {
  const { low, high, least } = choiceOf(chart), log = isLog(chart);
  const from = log ? Math.log10(Math.max(least, high * 1e-12)) : low;
  const to = log ? Math.log10(high) : high, room = to > from ? 0 : Math.abs(to) || 1;
  const bottom = from - room / 2, top = to + room / 2, tall = height - PAD.bottom - PAD.top;
  const place = (v) => (log ? Math.log10(Math.max(v, 10 ** bottom)) : v);
  const y = (v) => height - PAD.bottom - (place(v) - bottom) / (top - bottom) * tall;
  if (log && top - bottom >= 0.7) return { y, marks: powers(bottom, top, 5), text: powerText };
  const ends = log ? [10 ** bottom, 10 ** top] : [bottom, top];
  return { y, marks: ticks(ends[0], ends[1], 4), text: plainText };
}

/** What no cursor changes: axes and lines. */
export function drawChart(journey, chart) {
  const { lines, note } = choiceOf(chart), { words } = chart;
  const width = (chart.width = Math.max(200, chart.node.clientWidth));
  const height = chart.svg.clientHeight || 210, end = endOf(journey, chart);
  const box = { right: width - PAD.right, bottom: height - PAD.bottom };
  chart.scale = scaleOf(chart, height);
  chart.x = (t) => PAD.left + (t / end) * (width - PAD.left - PAD.right);
  set(chart.svg, "viewBox", `0 0 ${width} ${height}`);
  chart.now = svg("line", { class: "now", y1: PAD.top, y2: box.bottom });
  chart.dots = lines.map(({ look }) => svg("circle", { class: `dot ${look}`, r: 4 }));
  chart.svg.replaceChildren(
    ...axesOf(chart, box, ticks(0, end, Math.max(2, Math.floor(width / 110)))),
    ...forksOf(journey, chart, box, end),
    ...plotted(journey, chart, box),
    chart.now,
    ...chart.dots,
  );
  drawLegend(chart, lines);
  write(chart.note, [words.name === "cost" ? words.unit : "", note].filter(Boolean).join("; "));
}

/** The ground, the marks of both axes, and what the axes are. */
function axesOf({ scale, words, x }, { right, bottom }, across) {
  const text = (words, attributes) => svg("text", attributes, words);
  const size = { width: right - PAD.left, height: bottom - PAD.top };
  const middle = { x: (PAD.left + right) / 2, y: (PAD.top + bottom) / 2 };
  const y = (v) => scale.y(v).toFixed(1), turned = `translate(13 ${middle.y}) rotate(-90)`;
  return [
    svg("rect", { class: "ground", x: PAD.left, y: PAD.top, ...size }),
    ...scale.marks.map((v) => svg("path", { class: "grid", d: `M${PAD.left} ${y(v)}H${right}` })),
    ...scale.marks.map((v) =>
      text(scale.text(v), { class: "down", x: PAD.left - 8, y: scale.y(v) })
    ),
    ...across.filter(Number.isInteger)
      .map((t) => text(String(t), { class: "across", x: x(t), y: bottom + 17 })),
    text("iteration", { class: "axis across", x: middle.x, y: bottom + PAD.bottom - 5 }),
    text(shortUnit(words), { class: "axis across", transform: turned }),
  ];
}

function forksOf({ run }, chart, { bottom }, end) {
  return run.forks.filter((t) => t <= end).map((t) => {
    const d = `M${chart.x(t).toFixed(1)} ${PAD.top}V${bottom}`;
    return svg("path", { class: "fork", d }, svg("title", {}, `fork at iteration ${t}`));
  });
}

/** The lines, and the values that they should come to. */
function plotted({ run }, chart, { right }) {
  const { lines, marks = [] } = choiceOf(chart), { cargo, scale } = chart;
  const level = (v) => `M${PAD.left} ${scale.y(v).toFixed(1)}H${right}`;
  const d = ({ x, values }) => pathOf(chart, xsOf(run, cargo, x), cargo.arrays[values].values);
  return [
    ...marks.map((v, k) => svg("path", { class: `target ${lines[k].look}`, d: level(v) })),
    ...lines.map((line) => svg("path", { class: `line ${line.look}`, d: d(line) })),
  ];
}

function drawLegend(chart, lines) {
  const swatch = (look) =>
    svg(
      "svg",
      { class: "swatch", viewBox: "0 0 26 10", "aria-hidden": "true" },
      svg("path", { class: `line ${look}`, d: "M1 5H25" }),
    );
  chart.values = lines.map(() => el("output", {}));
  const items = lines.map(({ label: text, look }, k) =>
    el("li", {}, swatch(look), el("span", {}, text), chart.values[k])
  );
  chart.legend.replaceChildren(...items);
}

const shortUnit = ({ name, unit }) => (name === "cost" ? "cost C" : unit);

/**
 * A line with a gap wherever a number is not finite. A path knows no huge number: it ends far
 * outside.
 */
export function pathOf({ x, scale: { y } }, xs, values) {
  let text = "", pen = "M";
  for (let k = 0; k < values.length; k++) {
    const finite = Number.isFinite(values[k]);
    if (finite) text += `${pen}${x(xs[k]).toFixed(1)} ${bounded(y(values[k]))}`;
    pen = finite ? "L" : "M";
  }
  return text;
}

export const bounded = (y) => Math.max(-2000, Math.min(4000, y)).toFixed(1);

/**
 * The point of now, and the values there. Another run's values are those of its nearest iteration.
 */
export function paintChart(journey, chart) {
  const { cargo, now, dots, values, scale, x } = chart, here = shownAt(journey, journey.k);
  set(now, "x1", x(here).toFixed(1));
  set(now, "x2", x(here).toFixed(1));
  choiceOf(chart).lines.forEach((line, i) => {
    const xs = xsOf(journey.run, cargo, line.x);
    const k = line.x === "iterations" ? journey.k : nearestIndex(xs, here);
    const v = cargo.arrays[line.values].values[k];
    write(values[i], number(v));
    set(dots[i], "visibility", Number.isFinite(v) ? "visible" : "hidden");
    if (!Number.isFinite(v)) return;
    set(dots[i], "cx", x(xs[k]).toFixed(1));
    set(dots[i], "cy", scale.y(v).toFixed(1));
  });
}
