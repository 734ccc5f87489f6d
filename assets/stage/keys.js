// Keys. Every key has a visible button, and none acts while a text field has the focus.

import { choose, goEdge, move, pause, togglePlay } from "./moving.js";

const TYPING = [
  "input:not([type=checkbox], [type=button], [type=submit])",
  "textarea",
  "select",
  "[contenteditable='true']",
  ..."textbox slider spinbutton combobox radio radiogroup tab tablist menu".split(" ").map(
    withRole,
  ),
  ..."menuitem listbox option grid dialog".split(" ").map(withRole),
].join();

function withRole(role) {
  return `[role=${role}]`;
}

const PRESSABLE =
  "button, a, summary, input, [role=button], [role=checkbox], [role=switch], [role=link]";

export function onKey(player, event) {
  if (
    event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing
  ) return;
  const path = event.composedPath().filter((node) => node.matches), target = path[0];
  const ours = target === player.parts.range;
  if (!ours && path.some((node) => node.matches(TYPING))) return;
  const unit = target?.dataset?.testid === "unit" && path.includes(player.root);
  const pressable = !ours && !unit && target?.matches(PRESSABLE);
  if ((unit && onUnitKey(player, event, target)) || onStepKey(player, event, pressable)) {
    event.preventDefault();
  }
}

/** Whether the key was one that steps. */
function onStepKey(player, event, pressable) {
  const { key, shiftKey, repeat } = event;
  if (shiftKey) return false;
  if (key === " " && !pressable) {
    if (!repeat) togglePlay(player);
    return true;
  }
  if (key === "Escape" && player.at.unit.length) choose(player, []); // others may close something
  if (!STEPS[key]) return false;
  pause(player);
  STEPS[key](player);
  return true;
}

const STEPS = {
  ArrowRight: (player) => move(player, +1),
  PageDown: (player) => move(player, +1),
  ArrowLeft: (player) => move(player, -1),
  PageUp: (player) => move(player, -1),
  Home: (player) => goEdge(player, 0),
  End: (player) => goEdge(player, Infinity),
};

/** Arrows among the units: up and down in the layer, with Shift from layer to layer. */
function onUnitKey(player, event, target) {
  const { key, shiftKey } = event,
    l = Number(target.dataset.layer),
    j = Number(target.dataset.unit);
  const beside = { ArrowUp: [l, j - 1], ArrowDown: [l, j + 1] }[key];
  const across = shiftKey && { ArrowLeft: l - 1, ArrowRight: l + 1 }[key];
  if (beside) focusOn(player, beside[0], beside[1]);
  else if (across || across === 0) focusOn(player, across, opposite(player, l, j, across));
  else return onChoiceKey(player, key, [l, j], target);
  return true;
}

/** Enter and Space choose a unit, Escape leaves it; once it is chosen, Space plays. */
function onChoiceKey(player, key, unit, target) {
  const chosen = String(player.at.unit) === String(unit);
  if (key === "Escape") target.blur();
  else if (key !== "Enter" && (key !== " " || chosen)) return false;
  choose(player, key === "Escape" ? [] : unit);
  return true;
}

/** The unit at the same height in another layer. */
function opposite({ data: { layers } }, l, j, other) {
  if (!layers[other]) return 0;
  return Math.round((j * (layers[other].width - 1)) / Math.max(1, layers[l].width - 1));
}

function focusOn(player, l, j) {
  const cells = player.units[l]?.cells;
  cells?.[Math.max(0, Math.min(j, cells.length - 1))].node.focus();
}
