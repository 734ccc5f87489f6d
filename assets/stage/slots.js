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
  for (const { node, ref, index, wrap, more, product, samples } of slots) {
    const full = { ...env, ...more };
    if (samples) full[samples] += first;
    if (index) {
      write(node, String((full[index] ?? Number(index)) + 1));
      continue;
    }
    const values = (product ?? [ref]).map((r) => valueOf(player, r, full));
    const v = values.length === 1
      ? values[0]
      : values.every((f) => typeof f === "number")
      ? values[0] * values[1]
      : values.includes(BLANK)
      ? BLANK
      : "…";
    const text = number(v);
    write(node, wrap && text.startsWith("−") ? `(${text})` : text);
    node.classList.toggle("blank", v === BLANK);
  }
}

/** A line of formula pieces that can wrap; repeated pieces are written out for each index. */
export function pieceLine(player, pieces, slots) {
  const line = el("div", { class: "pieces" });
  const add = (nodes, more, samples) => {
    line.append(el("span", { class: "piece" }, ...nodes));
    slots.push(...slotsOf(line.lastChild, more, samples));
  };
  for (const piece of pieces) {
    if (typeof piece === "string") add([infix(math(piece), line.childElementCount > 0)]);
    else {repeatedTerms(player, piece).forEach((k, place) => {
        const join = place ? [operator(piece.join)] : [];
        if (k < 0) add([...join, operator("⋯")]);
        else add([...join, math(piece.math)], { [piece.each]: k }, piece.each === "s" ? "s" : "");
      });}
  }
  return line;
}

/** Which terms of a sum are written out; of the samples, only those that were sent. */
function repeatedTerms({ data }, { each, count }) {
  if (each !== "s" || count <= data.shown.count) return shownTerms(count);
  return [...shownTerms(Math.min(count, 8)), -1];
}
