// A slot is a node whose text is a value: fill() writes them all for an environment such as {j: 1,
// s: 0}.

import { el, write } from "../nodes.js";
import { number } from "../numbers.js";
import { infix, math, operator } from "./formulas.js";
import { BLANK, valueOf } from "./values.js";
import { shownTerms } from "./windows.js";

/**
 * Collects the slots of a formula; `more` are the variables of a repetition, `samples` the one that
 * counts samples.
 */
function slotsOf(node, more = {}, samples = "") {
  const found = [...node.querySelectorAll("[data-ref], [data-index]")];
  return found.map((slot) => ({
    node: slot,
    more,
    samples,
    ref: slot.dataset?.ref ?? slot.getAttribute("data-ref"),
    index: slot.getAttribute("data-index"),
    wrap: slot.getAttribute("data-wrap") === "(",
  }));
}

export function textSlot(ref, slots) {
  const node = el("span", { class: "value" });
  slots.push({ node, ref, product: ref.product, more: {} });
  return node;
}

/** Writes every slot for these variables. */
export function fill(player, slots, env) {
  const { first } = player.data.shown;
  for (const slot of slots) {
    const { node, index, wrap, more, samples } = slot, full = { ...env, ...more };
    if (samples) full[samples] += first;
    if (index) {
      write(node, String((full[index] ?? Number(index)) + 1));
      continue;
    }
    const v = slotValue(player, slot, full), text = number(v);
    write(node, wrap && text.startsWith("−") ? `(${text})` : text);
    node.classList.toggle("blank", v === BLANK);
  }
}

/** The value of a slot: one number, or a product of two. */
function slotValue(player, { ref, product }, env) {
  const values = (product ?? [ref]).map((r) => valueOf(player, r, env));
  if (values.length === 1) return values[0];
  if (values.every((f) => typeof f === "number")) return values[0] * values[1];
  return values.includes(BLANK) ? BLANK : "…";
}

/** A line of formula pieces that can wrap; repeated pieces are written out for each index. */
export function pieceLine(player, pieces, slots) {
  const line = el("div", { class: "pieces" });
  const add = (nodes, more, samples) => {
    line.append(el("span", { class: "piece" }, ...nodes));
    slots.push(...slotsOf(line.lastChild, more, samples));
  };
  const addTerm = ({ join, each, math: markup }, k, place) => {
    const joint = place ? [operator(join)] : [];
    if (k < 0) add([...joint, operator("⋯")]);
    else add([...joint, math(markup)], { [each]: k }, each === "s" ? "s" : "");
  };
  for (const piece of pieces) {
    if (typeof piece === "string") add([infix(math(piece), line.childElementCount > 0)]);
    else repeatedTerms(player, piece).forEach((k, place) => addTerm(piece, k, place));
  }
  return line;
}

/** Which terms of a sum are written out; of the samples, only those that were sent. */
function repeatedTerms({ data }, { each, count }) {
  if (each !== "s" || count <= data.shown.count) return shownTerms(count);
  return [...shownTerms(Math.min(count, 8)), -1];
}
