// The diagram: its columns, what of it is lit, the scales of one iteration.

import { svg } from "../nodes.js";
import { buildEdges, paintEdges } from "./edges.js";
import { paintMarks } from "./marks.js";
import { point, pointAt } from "./pointing.js";
import { buildStrip } from "./strip.js";
import { buildUnits, paintUnits } from "./units.js";
import { now, numbered, scaleOf } from "./values.js";
import { symbolAt } from "./walking.js";

export function buildDiagram(player) {
  const { data: { layers, picture }, parts: p } = player, all = layers.map((_, l) => l);
  Object.assign(player, { units: {}, edges: {}, marked: [], pointed: null, tab: null });
  player.litKey = null;
  player.drawing?.remove();
  if (!picture.drawn) return p.canvas.append(player.drawing = buildStrip(player));
  const { x0, width } = extentOf(player), viewBox = `${x0} 0 ${width} ${picture.height + 12}`;
  const drawing = svg("svg", { viewBox, role: "group", "aria-label": "Network diagram" });
  const edges = all.slice(1).map((l) => buildEdges(player, l));
  drawing.append(...edges, ...all.map((l) => buildUnits(player, l)));
  drawing.addEventListener("click", (event) => pointAt(player, event, true));
  drawing.addEventListener("pointermove", (event) => pointAt(player, event, false));
  drawing.addEventListener("pointerleave", () => point(player, null));
  p.canvas.style = [
    `--natural:${width}px; --x0:${x0}; --width:${width}; --height:${picture.height}`,
    `--column:${picture.column}; --spared:${picture.head.symbol - 18}`,
  ].join("; ");
  p.canvas.append(player.drawing = drawing);
  p.main.classList.toggle("dense", drawing.querySelectorAll(".edge").length > 150);
}

/**
 * From where to where the drawing goes: the names of inputs and outputs stand beside the circles.
 */
function extentOf({ data: { layers, picture, presenter } }) {
  const last = layers.length - 1, grown = presenter ? 1.4 : 1;
  const left = 14 + grown * textWidth(layers[0].units);
  const right = 14 + grown * Math.max(picture.targets ? 64 : 0, textWidth(layers[last].units));
  const x0 = Math.min(0, picture.x[0] - picture.radius - left);
  const x1 = Math.max(picture.width, picture.x[last] + picture.radius + right);
  return { x0, width: x1 - x0 };
}

const textWidth = (names) =>
  Math.max(...names.map((name) => (numbered(name) ? 0 : 8.2 * name.length)));

export function paintDiagram(player) {
  const scene = now(player), { data, at } = player;
  const stamp = `${at.iteration} ${at.sample} ${player.version} ${player.hiddenKey}`;
  if (player.scaleStamp !== `${at.iteration} ${player.version}`) scaleIteration(player);
  data.layers.forEach((_, l) => {
    const layer = player.units[l],
      key = `${symbolAt(scene.units, l)} ${symbolAt(scene.biases, l)} ${stamp}`;
    if (layer.key !== key) paintUnits(player, l, scene);
    layer.key = key;
    lightUnits(layer.group, l, scene);
    if (l > 0) paintEdges(player, l, scene, stamp);
  });
  paintMarks(player, scene);
  showLit(player, scene);
  point(player, player.pointed);
}

/** Lights the circles of a layer, or its biases where they are what the step computes. */
function lightUnits(group, l, { lit, steps, units, biases }) {
  const here = lit.units.includes(l),
    shown = symbolAt(biases, l),
    bias = shown !== "b" && steps.includes(`${shown?.replace("_new", "")}${l}`);
  group.classList.toggle("biased", here && bias);
  group.classList.toggle("lit", here && (!bias || steps.includes(`${symbolAt(units, l)}${l}`)));
}

/** Where the diagram is wider than its box, brings what is lit into view (inside the box only). */
function showLit(player, scene) {
  const { parts: { picture }, data, drawing } = player,
    layers = [...scene.lit.units, ...scene.lit.edges.flatMap((l) => [l - 1, l])];
  const key = layers.join();
  if (key === player.litKey || !layers.length) return;
  player.litKey = key;
  if (!player.scrolls) return;
  const { x, width } = drawing.viewBox.baseVal,
    middle = layers.reduce((sum, l) => sum + data.picture.x[l], 0) / layers.length;
  picture.scrollTo({
    left: ((middle - x) / width) * picture.scrollWidth - picture.clientWidth / 2,
    behavior: "instant",
  });
}

/** Fixed scales for one iteration: widths of connections, tints of units. */
function scaleIteration(player) {
  const { data, at } = player,
    trace = data.traces[at.iteration] ?? {},
    of = (layers) => scaleOf(Object.values(layers ?? {}));
  const W = of(data.parameters[at.iteration]?.W);
  player.scales = {
    W,
    W_new: W,
    dW: of(trace.dW),
    z: of(trace.z),
    delta: of(trace.delta),
    da: of(trace.da),
    a: of(trace.a),
    u: of(trace.u),
    n: of(trace.n),
    du: of(trace.du),
  };
  player.scaleStamp = `${at.iteration} ${player.version}`;
}
