// A step only fills in numbers and moves classes. Each paint function touches only what differs.

import { set, write } from "../nodes.js";
import { number } from "../numbers.js";
import { paintDerivation } from "./derivation.js";
import { paintDiagram } from "./diagram.js";
import { makeReachable, paintExplanation } from "./explanation.js";
import { paintMatrices } from "./matrices.js";
import { paintPrediction } from "./predicting.js";
import { hideBlanks, spokenQuestion } from "./questions.js";
import { paintStrip } from "./strip.js";
import { paintTable } from "./table.js";
import { environment, now, valueOf } from "./values.js";
import { neighbour } from "./walking.js";

/** Everything that a step changes. */
export function paint(player) {
  const scene = now(player), { root, at, data } = player;
  Object.assign(root.dataset, {
    step: at.index,
    phase: scene.phase,
    symbol: scene.symbol,
    layer: scene.layer,
    iteration: at.iteration,
    sample: at.sample < 0 ? "all" : at.sample,
  });
  player.env = environment(at.unit, scene.layer, at.sample);
  hideBlanks(player);
  const paintPicture = data.picture.drawn ? paintDiagram : paintStrip;
  const parts = [paintWhere, paintExplanation, paintPicture, paintMatrices, paintDerivation];
  for (const paintPart of [...parts, paintTable, paintPrediction]) paintPart(player);
  clearTimeout(player.speaking);
  player.speaking = setTimeout(() => speak(player), 400);
}

/** What listeners hear, once we have rested: the step, or what came of a wish or a guess. */
function speak(player) {
  write(player.parts.live, player.news ?? spoken(player));
  player.news = undefined;
  makeReachable(player);
}

function paintWhere(player) {
  const { parts: p, at, data, walk } = player, scene = now(player);
  const [begin, over] = [-1, 1].map((direction) =>
    !neighbour(at, direction, walk.length, data.last, data.first)
  );
  write(
    p.where,
    `Step ${at.index + 1} of ${walk.length} · iteration ${at.iteration} of ${data.last}`,
  );
  write(p.message, over ? data.end : "");
  const off = { first: begin, previous: begin, next: over, last: over };
  for (const [name, value] of Object.entries(off)) set(p[name].node, "aria-disabled", value);
  p.range.value = at.index;
  set(p.range, "aria-valuetext", `Step ${at.index + 1} of ${walk.length}: ${scene.title}`);
  p.range.parentElement.style.setProperty("--at", (at.index + 0.5) / walk.length);
  for (const { from, to, node } of player.segments) {
    node.classList.toggle("done", from <= at.index);
    node.classList.toggle("here", from <= at.index && at.index <= to);
  }
  if (p.sample.select.value !== String(at.sample)) p.sample.select.value = at.sample;
  if (p.grain.select.value !== at.grain) p.grain.select.value = at.grain;
}

export function spoken(player) {
  const scene = now(player), over = player.parts.message.textContent;
  const sentence = scene.sentence.map((
    part,
  ) => (part.ref ? number(valueOf(player, part.ref, player.env)) : part)).join("");
  return `${scene.title}. ${sentence} ${over}${spokenQuestion(player)}`;
}
