// What the numbers speak of is brought out in the diagram.

import { paintFlow } from "./edges.js";
import { speaksOf } from "./explanation.js";

/** Rings the unit that the numbers speak of, and brings out its connections. */
export function paintMarks(player, scene) {
  const { at, env, units, edges } = player;
  const key = [player.walkName, at.index, at.unit, env.j, env.i].join("|");
  if (key === player.markKey) return;
  player.markKey = key;
  unmark(player);
  markChosen(player);
  if (scene.numbers.length && scene.symbol !== "C") {
    mark(player, units[scene.layer].cells[env.j].node, "example");
  }
  for (const lit of scene.lit.edges) pointOut(player, lit, scene);
  for (const l in edges) {
    paintFlow(player, edges[l], scene.lit.edges.includes(Number(l)), scene.direction);
  }
}

function unmark(player) {
  for (const node of player.marked) {
    node.classList.remove("example", "chosen", "strong");
    node.removeAttribute("aria-pressed");
  }
  for (const l in player.edges) player.edges[l].lines.forEach((line) => (line.strong = false));
  player.marked = [];
}

function mark(player, node, name) {
  node?.classList.add(name);
  if (node) player.marked.push(node);
}

/** The unit or connection in focus; the unit is where Tab comes into the diagram. */
function markChosen(player) {
  const { at: { unit: [l, j, i] }, units, edges } = player, cell = units[l]?.cells[j];
  if (i !== undefined) {
    mark(player, edges[l]?.lines.find(({ to, from }) => to === j && from === i)?.node, "chosen");
  } else if (cell) {
    mark(player, cell.node, "chosen");
    cell.node.setAttribute("aria-pressed", true);
  }
  player.tab?.setAttribute("tabindex", -1);
  player.tab = (cell ?? units[0].cells[0]).node;
  player.tab.setAttribute("tabindex", 0);
}

/** The connections of layer `lit` that the numbers speak of: those of one unit, or one of them. */
function pointOut(player, lit, scene) {
  const { edges, env, shownCard } = player, end = { 0: "to", 1: "from" }[lit - scene.layer];
  if (!scene.numbers.length || !end) return;
  const one = end === "to" && speaksOf(shownCard, "i");
  const about = (line) => line[end] === env.j && (!one || line.from === env.i);
  for (const line of edges[lit].lines.filter(about)) {
    line.strong = true;
    mark(player, line.node, "strong");
    mark(player, line.label, "strong");
  }
}
