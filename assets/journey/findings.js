// What is wrong with a run, in sentences.

import { sizeText } from "./causes.js";
import { since } from "./lists.js";
import { el, write } from "../nodes.js";

const LISTS = 60; // different lists of findings whose heights are tried

/**
 * What is said at the k-th shown iteration, with its numbers (or `fixed`) in their places, and
 * whether it is good news.
 */
function saidAt({ run: { arrays, atlas, findings } }, k, fixed) {
  const L = atlas.layers.length;
  const place = (layer) => (layer ? k * L + Number(layer) - 1 : k);
  const value = (_, name, layer) => fixed ?? sizeText(arrays[name].values[place(layer)]);
  const filled = (text) => text.replace(/\{(\w+)(?: (\d+))?\}/g, value);
  const sentences = since(findings.said, k).map((i) => findings.sentences[i]);
  return sentences.map(([text, good]) => [filled(text), good]);
}

export function paintFindings(journey, k = journey.k, fixed = undefined) {
  const { findings } = journey.parts, said = saidAt(journey, k, fixed), items = findings.children;
  while (items.length > said.length) items[items.length - 1].remove();
  said.forEach(([text, good], i) => {
    const item = items[i] ?? findings.appendChild(el("li"));
    write(item, text);
    item.classList.toggle("good", good);
  });
}

const WIDE = "1.234e−56"; // a number as wide as any that comes

/**
 * The box gets the height of the tallest list that this run has, so that nothing below it moves.
 */
export function reserveFindings(journey) {
  const { run, parts: { findings } } = journey;
  const lists = new Map(run.findings.said.map(([k, which]) => [which.join(), k]));
  const lengthAt = (k) => since(run.findings.said, k).length;
  const longest = [...lists.values()].sort((a, b) => lengthAt(b) - lengthAt(a)).slice(0, LISTS);
  const heightAt = (k) => {
    paintFindings(journey, k, WIDE);
    return findings.offsetHeight;
  };
  findings.style.minHeight = "0";
  findings.style.minHeight = `${Math.max(...longest.map(heightAt))}px`;
}
