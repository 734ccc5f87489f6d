// The picture of what the network answers, by its inputs: what no cursor changes.

import { plainText, ticks } from "./axes.js";
import { figure, select } from "./figures.js";
import { choose } from "./moving.js";
import { repaint } from "./painting.js";
import { MARKERS } from "../looks.js";
import { el, set, svg } from "../nodes.js";

export const FRAME = { left: 46, right: 8, top: 8, bottom: 40 };

export const TITLES = {
  plane: "Decision boundary",
  surface: "Output over both inputs",
  curve: "Output over the input",
};

export function buildPicture(journey) {
  const { kind, hidden } = journey.run.picture, { view } = journey;
  const borders = [[0, "no units"], ...hidden.map((l) => [l, `layer ${l}`])];
  const units = select("Borders of", borders, (l) => {
    view.hidden = Number(l);
    repaint(journey);
  });
  if (!hidden.includes(view.hidden)) view.hidden = 0;
  units.select.value = String(view.hidden);
  const canvas = el("canvas", { "aria-hidden": "true" });
  const sheet = svg("svg", { class: "sheet", role: "img", "data-testid": "picture" });
  const caption = el("p", { class: "note" }), legend = el("ul", { class: "legend" });
  const drawing = el("div", { class: "canvas" }, canvas, sheet);
  const controls = hidden.length ? [units.node] : [];
  const node = figure("picture", TITLES[kind], controls, drawing, legend, caption);
  return { node, canvas, svg: sheet, caption, legend };
}

/** The marker and the hue of a class; from the fifth class on another pairing of the two. */
const markerOf = ({ markers }, c) => MARKERS[markers[(c + Math.floor(c / 4)) % 4]];

const hueOf = (c) => `class${c % 4}`;

/** What no cursor changes: axes and samples. */
export function drawPicture(journey) {
  const { run: { picture: { outputs, kind } }, picture } = journey;
  fitPicture(journey);
  for (const name of ["border", "units", "rings"]) picture[name] = svg("path", { class: name });
  picture.curves = outputs.map((_, k) => svg("path", { class: `line line${k}` }));
  picture.names = svg("g", { class: "names" });
  const inside = svg(
    "g",
    { "clip-path": "url(#inside)" },
    picture.units,
    picture.border,
    samplesOf(journey),
    ...(kind === "curve" ? picture.curves : []),
    picture.rings,
    picture.names,
  );
  const box = boxOf(picture), clip = svg("clipPath", { id: "inside" }, svg("rect", box));
  const ground = kind === "curve" ? [svg("rect", { class: "ground", ...box })] : [];
  picture.svg.replaceChildren(clip, ...ground, inside, ...pictureAxes(journey));
  buildKey(journey);
  picture.drawn = undefined;
}

const boxOf = ({ size }) => ({
  x: FRAME.left,
  y: FRAME.top,
  width: size - FRAME.right - FRAME.left,
  height: size - FRAME.bottom - FRAME.top,
});

/** As large as there is room for: the scales of both axes, and the canvas below the drawing. */
function fitPicture({ run, picture }) {
  const [[left, right], [low, high]] = run.picture.ranges;
  const size = (picture.size = Math.min(Math.max(220, picture.node.clientWidth), 460));
  const { x, y, width, height } = boxOf(picture), { canvas } = picture;
  picture.x = (v) => x + ((v - left) / (right - left)) * width;
  picture.y = (v) => y + height - ((v - low) / (high - low)) * height;
  set(picture.svg, "viewBox", `0 0 ${size} ${size}`);
  set(picture.svg, "style", `width: ${size}px; height: ${size}px`);
  const place = { left: x, top: y, width, height };
  for (const [name, pixels] of Object.entries(place)) canvas.style[name] = `${pixels}px`;
  const pixels = Math.round(width * (devicePixelRatio || 1));
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
}

function pictureAxes({ run, picture }) {
  const { ranges: [[left, right], [low, high]], axes } = run.picture, { size } = picture;
  const bottom = size - FRAME.bottom, end = size - FRAME.right;
  const text = (words, attributes) => svg("text", attributes, words);
  const turned = `translate(11 ${(FRAME.top + bottom) / 2}) rotate(-90)`;
  return [
    svg("path", { class: "frame", d: `M${FRAME.left} ${FRAME.top}V${bottom}H${end}` }),
    ...ticks(low, high, 5)
      .map((v) => text(plainText(v), { class: "down", x: FRAME.left - 6, y: picture.y(v) })),
    ...ticks(left, right, 5)
      .map((v) => text(plainText(v), { class: "across", x: picture.x(v), y: bottom + 17 })),
    text(axes[0], { class: "axis across", x: (FRAME.left + end) / 2, y: size - 5 }),
    text(axes[1], { class: "axis across", transform: turned }),
  ];
}

/** The samples, those held back for the test hollow; a press on one of the others chooses it. */
function samplesOf(journey) {
  const { run, picture } = journey, { kind, train } = run.picture, m = run.arrays.x.shape[1];
  const scale = scaleOfMarks(m);
  picture.radius = 14 * scale;
  const place = ([px, py]) => `translate(${px.toFixed(1)} ${py.toFixed(1)}) scale(${scale})`;
  const marks = Array.from({ length: m }, (_, s) => {
    const part = s < train ? "mark" : "mark test";
    const pick = s < train ? { click: () => choose(journey, s) } : {};
    return MARKS[kind](journey, s, m).map(({ at, look, ...more }) =>
      svg("path", { class: `${part} ${look}`, transform: place(at), ...more, ...pick })
    );
  });
  return svg("g", { class: `samples ${kind}` }, ...marks.flat());
}

function scaleOfMarks(m) {
  if (m > 300) return 0.42;
  return m > 60 ? 0.55 : 0.8;
}

/** The marks of one sample, in each kind of picture: where they are and how they look. */
const MARKS = {
  plane: ({ run, picture }, s, m) => {
    const { x, class: classes } = run.arrays, c = classes.values[s];
    const at = [picture.x(x.values[s]), picture.y(x.values[m + s])];
    return [{ at, look: hueOf(c), d: markerOf(run, c) }];
  },
  surface: ({ run, picture }, s, m) => {
    const { x, y } = run.arrays, [low, high] = spanOf(y.values.subarray(0, m));
    const tone = Math.round((100 * (y.values[s] - low)) / (high - low));
    const at = [picture.x(x.values[s]), picture.y(x.values[m + s])];
    return [{ at, look: "tone", style: `--tone: ${tone}%`, d: MARKERS.circle }];
  },
  curve: ({ run, picture }, s, m) => {
    const { x, y } = run.arrays, px = picture.x(x.values[s]);
    return Array.from({ length: y.shape[0] }, (_, k) => ({
      at: [px, picture.y(y.values[k * m + s])],
      look: `line${k % 8}`,
      d: MARKERS.circle,
    }));
  },
};

function spanOf(values) {
  const low = Math.min(...values), high = Math.max(...values);
  return high > low ? [low, high] : [low - 1, high + 1];
}

/** What the marks and lines stand for. */
function buildKey(journey) {
  const { run, picture } = journey, { kind, train } = run.picture;
  picture.missed = el("output", {});
  const test = item(
    svg("path", { class: "mark test", d: MARKERS.circle }),
    "held back for the test",
  );
  const tested = run.arrays.x.shape[1] > train ? [test] : [];
  picture.legend.replaceChildren(...KEYS[kind](journey), ...tested);
}

const item = (shape, text, ...more) => {
  const look = { class: "icon", viewBox: "-11 -11 22 22", "aria-hidden": "true" };
  return el("li", {}, svg("svg", look, shape), el("span", {}, text), ...more);
};

const KEYS = {
  plane: ({ run, picture }) => [
    ...run.picture.classes.map((name, c) =>
      item(svg("path", { class: `mark ${hueOf(c)}`, d: markerOf(run, c) }), name)
    ),
    item(svg("circle", { class: "rings", r: 9 }), "answered wrong", picture.missed),
  ],
  surface: () => [],
  curve: ({ run }) =>
    run.picture.outputs.map((name, k) =>
      item(svg("path", { class: `line line${k}`, d: "M-10 0H10" }), `output ${name}`)
    ),
};
