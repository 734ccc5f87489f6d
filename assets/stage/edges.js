// The connections of the diagram: built, painted, and what runs along them.

import { dress, set, svg, write } from "../nodes.js";
import { number } from "../numbers.js";
import { labelPlaces } from "./labels.js";
import { fitted } from "./units.js";
import { matrixOf, share, shownName, sign } from "./values.js";
import { symbolAt } from "./walking.js";

export function buildEdges(player, l) {
  const { picture, presenter } = player.data, lines = linesBetween(player.data, l);
  const flow = svg("path", { class: "flow" }), heads = svg("path", { class: "heads" });
  const labels = picture.weights ? buildLabels(picture, lines, presenter ? 24 : 17) : [];
  const middle = (picture.x[l - 1] + picture.x[l]) / 2;
  const name = svg("text", { class: "symbol", x: middle, y: picture.head.symbol });
  const arc = picture.arcs?.[l], around = arc && svg("path", { class: "around", d: arc });
  const drawn = [...lines.map(({ node }) => node), ...(around ? [around] : [])];
  const look = { class: "edges", "aria-hidden": "true" };
  const group = svg("g", look, name, ...drawn, flow, heads, ...labels);
  player.edges[l] = { group, lines, flow, heads, name, around };
  return group;
}

/** The connections that come into a layer, one after the other into each of its units. */
function linesBetween({ picture, layers }, l) {
  const units = (n) => Array.from({ length: n }, (_, k) => k);
  const line = (to, from) => {
    const [x1, x2] = [picture.x[l - 1], picture.x[l]];
    const ends = { x1, y1: picture.y[l - 1][from], x2, y2: picture.y[l][to] };
    const place = { "data-testid": "edge", "data-layer": l, "data-to": to, "data-from": from };
    return { to, from, ...ends, node: svg("line", { class: "edge", ...ends, ...place }) };
  };
  return units(layers[l].width).flatMap((to) =>
    units(layers[l - 1].width).map((from) => line(to, from))
  );
}

function buildLabels(picture, lines, height) {
  const { radius } = picture;
  const trimmed = lines.map((line) => ({ ...line, x1: line.x1 + radius, x2: line.x2 - radius }));
  const fansOut =
    new Set(lines.map(({ to }) => to)).size > new Set(lines.map(({ from }) => from)).size;
  const places = labelPlaces(trimmed, 56, height, fansOut ? 0.66 : 0.34);
  return lines.map((
    line,
    k,
  ) => (line.label = svg("text", {
    class: "weight",
    x: places[k].x,
    y: places[k].y,
    dy: "0.35em",
  })));
}

/** Dots or arrow heads along these lines, between the circles. */
export function flowPath(lines, radius) {
  return lines.map(({ x1, y1, x2, y2 }) => {
    const trim = (radius + 3) / Math.hypot(x2 - x1, y2 - y1),
      dx = trim * (x2 - x1),
      dy = trim * (y2 - y1);
    return `M${(x1 + dx).toFixed(1)} ${(y1 + dy).toFixed(1)}L${(x2 - dx).toFixed(1)} ${
      (y2 - dy).toFixed(1)
    }`;
  }).join("");
}

export function headPath(lines, direction) {
  return lines.map(({ x1, y1, x2, y2 }) => {
    const length = Math.hypot(x2 - x1, y2 - y1),
      ux = (direction * (x2 - x1)) / length,
      uy = (direction * (y2 - y1)) / length;
    const x = x1 + 0.62 * (x2 - x1), y = y1 + 0.62 * (y2 - y1);
    const at = (a, b) => `${(x - a * ux - b * uy).toFixed(1)} ${(y - a * uy + b * ux).toFixed(1)}`;
    return `M${at(9, 6)}L${at(0, 0)}L${at(9, -6)}`;
  }).join("");
}

export function paintEdges(player, l, scene, stamp) {
  const layer = player.edges[l],
    symbol = symbolAt(scene.edges, l),
    key = `${symbol} ${stamp}`,
    lit = scene.lit.edges.includes(l);
  if (layer.key !== key) {
    const M = symbol && matrixOf(player, symbol, l), scale = player.scales[symbol] ?? 1;
    write(layer.name, symbol ? shownName(symbol, l) : "");
    for (const line of layer.lines) {
      paintEdge(line, M?.[line.to]?.[line.from], scale, player.data.presenter);
    }
    layer.key = key;
  }
  layer.group.classList.toggle("lit", lit);
  layer.around?.classList.toggle("taken", scene.lit.skips.includes(l));
}

function paintEdge({ node, label }, v, scale, presenter) {
  const there = v !== undefined, width = there ? (0.8 + 4.2 * share(v, scale)).toFixed(2) : 1;
  set(node, "data-value", there ? String(v) : "");
  set(node, "data-sign", there ? sign(v) : "");
  set(node, "stroke-width", width);
  if (!label) return;
  write(label, presenter ? fitted(v, 5) : number(v));
  set(label, "data-sign", there ? sign(v) : "");
}

/**
 * Dots that run along the lit connections, or along those that the numbers speak of, in the step's
 * direction: four times at each change; then arrow heads stay. What moves for ever would tire the
 * eye, and the machine.
 */
export function paintFlow(player, { flow, heads, lines }, lit, direction) {
  const strong = lines.filter((line) => line.strong), some = strong.length ? strong : lines;
  const running = lit && direction ? some : [];
  const path = flowPath(running, player.data.picture.radius);
  const look = `flow ${direction < 0 ? "left" : "right"}`;
  if (flow.getAttribute("d") === path && flow.getAttribute("class") === look) return;
  dress(flow, { d: path, class: look }, []);
  set(heads, "d", headPath(running, direction));
  for (const node of [flow, heads]) {
    for (const motion of node.getAnimations()) motion.currentTime = 0;
  }
}
