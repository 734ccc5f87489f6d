// The picture at one iteration.

import { pathOf } from "./charts.js";
import { colourOf } from "./colours.js";
import { crossings } from "./crossings.js";
import { bitOf, nearestIndex } from "./lists.js";
import { FRAME } from "./picture.js";
import { set, svg, write } from "../nodes.js";

/**
 * The frame to show: the exact one where it has come, else the nearest of those that travelled
 * along.
 */
function frameOf({ run, moment, t, k }) {
  const { iterations, frames } = run.arrays, { cells, curves } = moment.arrays;
  const here = moment.run === run.id && moment.iteration === t;
  if (here && (cells || curves)) return { arrays: moment.arrays, f: 0, t, exact: true };
  const f = nearestIndex(frames.values, k);
  return { arrays: run.arrays, f, t: iterations.values[frames.values[f]], exact: false };
}

export function paintPicture(journey) {
  const { picture, run, view } = journey, frame = frameOf(journey);
  const name = `${frame.exact} ${frame.t} ${view.hidden}`;
  write(picture.caption, captionOf(journey, frame));
  if (picture.drawn === name) return;
  picture.drawn = name;
  set(picture.svg, "data-frame", frame.t);
  set(picture.svg, "data-exact", frame.exact);
  for (const paint of PAINTED[run.picture.kind]) paint(journey, frame);
  paintUnits(journey, frame);
}

const PAINTED = {
  plane: [paintCells, paintBorder, paintRings],
  surface: [paintCells],
  curve: [paintCurves],
};

/** Whether the units of a hidden layer have straight borders, which travel with every frame. */
const isStraight = ({ run }, layer) => run.picture.straight.includes(layer);

function captionOf(journey, frame) {
  const { t, view: { hidden } } = journey;
  const what = frame.exact || frame.t === t
    ? `Iteration ${frame.t}.`
    : `The picture of iteration ${frame.t}, the nearest at hand.`;
  if (!hidden || isStraight(journey, hidden) || frame.exact) return what;
  return `${what} The borders of layer ${hidden} are drawn when the slider rests.`;
}

/** The answers on a grid: how they become a hue and how strongly it covers the page. */
const CELLS = {
  plane: (journey) => {
    const { shift, classes } = journey.run.picture, most = (1 << shift) - 1;
    const hues = classes.map((_, c) => colourOf(journey, `--class${c % 4}`));
    return (v) => [...hues[v >> shift], 12 + 110 * ((v & most) / most) ** 2];
  },
  surface: (journey) => {
    const hue = colourOf(journey, "--forward");
    return (v) => [...hue, 110 * ((v & 255) / 255)];
  },
};

function paintCells(journey, { arrays: { cells }, f }) {
  const { run, picture: { canvas } } = journey, n = cells.shape[1], image = new ImageData(n, n);
  const colour = CELLS[run.picture.kind](journey);
  for (let i = 0; i < n * n; i++) image.data.set(colour(cells.values[f * n * n + i]), 4 * i);
  const small = new OffscreenCanvas(n, n), pen = canvas.getContext("2d");
  small.getContext("2d").putImageData(image, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(small, 0.5, 0.5, n - 1, n - 1, 0, 0, canvas.width, canvas.height);
}

/** Pairs of points of the unit square as a path of the picture. */
function segments({ run, picture }, pairs) {
  const [[left, right], [low, high]] = run.picture.ranges;
  const x = (u) => picture.x(left + u * (right - left)).toFixed(1);
  const y = (v) => picture.y(high - v * (high - low)).toFixed(1);
  return pairs.map(([p, q]) => `M${x(p[0])} ${y(p[1])}L${x(q[0])} ${y(q[1])}`).join("");
}

function paintBorder(journey, { arrays: { cells }, f }) {
  const { run: { picture: { shift, classes } }, picture } = journey, n = cells.shape[1];
  const frame = cells.values.subarray(f * n * n, (f + 1) * n * n), most = (1 << shift) - 1;
  const won = new Set(frame.map((v) => v >> shift)), each = classes.length > 2 ? [...won] : [1];
  const strength = (v) => ((v & most) + 0.5) ** 2;
  const lead = (v, c) => (v >> shift === c ? 1 : -1) * strength(v);
  const border = (c) => crossings((i, j) => lead(frame[i * n + j], c), n);
  set(picture.border, "d", segments(journey, won.size > 1 ? each.flatMap(border) : []));
}

/** Rings around the samples that are answered wrong. */
function paintRings({ run, picture }, { arrays: { wrong }, f }) {
  const { x } = run.arrays, m = x.shape[1], { train } = run.picture, r = picture.radius;
  const missed = Array.from({ length: m }, (_, s) => s).filter((s) => bitOf(wrong, f, s));
  const start = (s) =>
    `${(picture.x(x.values[s]) - r).toFixed(1)} ${picture.y(x.values[m + s]).toFixed(1)}`;
  const ring = (s) => `M${start(s)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  const trained = missed.filter((s) => s < train).length;
  const test = m > train ? `, test ${missed.length - trained} of ${m - train}` : "";
  set(picture.rings, "d", missed.map(ring).join(""));
  write(picture.missed, `${trained} of ${train}${test}`);
}

function paintCurves({ run, picture }, { arrays: { curves }, f }) {
  const [, K, n] = curves.shape, [left, right] = run.picture.ranges[0];
  const xs = Array.from({ length: n }, (_, i) => left + (i / (n - 1)) * (right - left));
  const scales = { x: picture.x, scale: { y: picture.y } };
  picture.curves.forEach((node, k) => {
    const start = (f * K + k) * n;
    set(node, "d", pathOf(scales, xs, curves.values.subarray(start, start + n)));
  });
}

/** Where each unit of the chosen hidden layer has z = 0, with the unit's number at its end. */
function paintUnits(journey, { arrays, f }) {
  const { picture } = journey, paths = unitBorders(journey, arrays, f);
  const number = ({ x, y, unit }) => svg("text", { x, y }, String(unit + 1));
  set(picture.units, "d", paths.map(({ d }) => d).join(""));
  picture.names.replaceChildren(...paths.filter(({ d }) => d).map(number));
}

function unitBorders(journey, arrays, f) {
  const { hidden } = journey.view;
  if (isStraight(journey, hidden)) return linesOf(journey, arrays.lines, f);
  return hidden ? bordersOf(journey, arrays[`hidden ${hidden}`]) : [];
}

function linesOf({ picture }, { values, shape: [, units] }, f) {
  const { x, y, size } = picture;
  const across = (v) => Math.max(FRAME.left + 10, Math.min(size - FRAME.right - 10, v));
  const down = (v) => Math.max(18, Math.min(size - FRAME.bottom - 6, v));
  return Array.from({ length: units }, (_, unit) => {
    const place = 4 * (f * units + unit), ends = values.subarray(place, place + 4);
    if (!ends.every(Number.isFinite)) return { unit, d: "", x: 0, y: 0 };
    const [px, py, qx, qy] = [x(ends[0]), y(ends[1]), x(ends[2]), y(ends[3])];
    const d = `M${px.toFixed(1)} ${py.toFixed(1)}L${qx.toFixed(1)} ${qy.toFixed(1)}`;
    const away = 0.06 + (0.05 * (unit % 4));
    return { unit, d, x: across(px + away * (qx - px)), y: down(py + away * (qy - py)) };
  });
}

function bordersOf(journey, grids) {
  if (!grids) return [];
  const [units, n] = grids.shape, end = journey.picture.size - FRAME.right - 10;
  return Array.from({ length: units }, (_, unit) => {
    const value = (i, j) => grids.values[(unit * n + i) * n + j] + 1e-6;
    const d = segments(journey, crossings(value, n));
    const [x, y] = d.slice(1).split("L")[0].split(" ").map(Number);
    return { unit, d, x: Math.min(x + 4, end), y: Math.max(18, y - 4) };
  });
}
