// What depends on the experiment, and on the grain of the steps: built when these change.

import { el } from "../nodes.js";
import { options } from "./choices.js";
import { buildDiagram } from "./diagram.js";
import { buildCards, CHIPS, dropCard } from "./explanation.js";
import { unitName } from "./values.js";
import { segmentsOf } from "./walking.js";

/** Builds all that depends on the experiment: walks, diagram, choices. */
export function build(player) {
  const { data, parts: p } = player;
  player.refs = {};
  options(p.grain.select, data.grains);
  options(p.fade.select, data.fades);
  options(p.detail.select, data.details);
  const units = data.layers.map((layer, l) =>
    el(
      "optgroup",
      { label: layer.title },
      ...layer.units.map((_, j) => el("option", { value: `${l},${j}` }, unitName(player, l, j))),
    )
  );
  p.unit.select.replaceChildren(el("option", { value: "" }, "nothing yet"), ...units);
  p.main.classList.toggle("wide", data.picture.wide);
  p.main.classList.toggle("undrawn", !data.picture.drawn);
  p.save.hidden = !data.picture.drawn;
  buildDiagram(player);
}

/** The chooser of samples; one that is not in the data has no name. */
export function nameSamples({ data: { samples }, parts: { sample } }) {
  const named = samples.map((text, s) => [s, text]).filter(([, text]) => text);
  options(sample.select, [
    ...named,
    ...(samples.length > 1 && samples[0] ? [[-1, "all samples"]] : []),
  ]);
}

/** Builds what depends on the grain: the scrubber's segments and one card for each stop. */
export function buildWalk(player) {
  const { parts: p, data, at, root } = player, scrub = p.range.parentElement;
  const walk = player.walk = data.walks[at.grain];
  player.walkName = at.grain;
  const found = segmentsOf(walk.map(({ phase }) => phase));
  player.segments = found.map((segment) => ({ ...segment, node: segmentNode(player, segment) }));
  p.segments.replaceChildren(...player.segments.map(({ node }) => node));
  p.range.max = walk.length - 1;
  scrub.style.setProperty("--stops", walk.length);
  scrub.classList.toggle("crowded", walk.length > 24 && found.length > 4);
  scrub.classList.toggle("many", found.length < walk.length);
  root.dataset.steps = walk.length;
  buildCards(player);
  player.built = new Map();
}

function segmentNode({ walk, at }, { from, to }) {
  const scene = walk[from], text = from === to ? segmentLabel(scene, at.grain) : scene.phase;
  const look = { class: `segment ${scene.phase}`, style: `flex-grow:${to - from + 1}` };
  return el("span", look, text);
}

/**
 * Other layers of the same network were put into words: cards and blocks that speak of them are
 * built anew.
 */
export function retell(player) {
  player.walk = player.data.walks[player.at.grain];
  player.cards.forEach((card, k) =>
    card && (card.far || player.walk[k].far) && dropCard(player, k)
  );
  player.built = new Map();
  player.blockKey = null;
}

function segmentLabel(scene, grain) {
  if (grain === "phase") return scene.phase;
  if (grain === "formula") {
    return scene.steps[0].replace("delta", "δ").replace(/(\d+)$/, "\u2009$1");
  }
  return CHIPS[scene.phase] + (scene.symbol === "C" ? "" : `\u2009${scene.layer}`);
}
