// What is to be predicted. What a step computes is blank until it has been predicted, or until
// somebody wants to see it. Which steps have blanks, which numbers belong to them and what a guess
// is worth is Python's business; a step that lies behind us has no blanks.

import { environment, now, SAMPLED, sentMatrix, shownName, unitName } from "./values.js";

// what has no place of its own for each unit
export const HINTS = 3, LOOSE = /^(losses|norm|mean|sigma)/;

/** Whether there are blanks here at all: only where somebody answers. */
export const predicts = ({ tell, data, view }) =>
  Boolean(tell && data.predicted && !data.beside && data.blanks[view.fade]?.length);

export const here = (player, step) =>
  player.answers.filter((a) => a.iteration === player.at.iteration && a.address[0] === step);

const isShown = (player, step) => here(player, step).some(({ kind }) => kind === "shown");

const blankSteps = (
  player,
) => (predicts(player)
  ? now(player).steps.filter((step) => player.data.blanks[player.view.fade].includes(step))
  : []);

const layerOf = (
  { data },
  step,
) => (step === "C" ? data.layers.length - 1 : Number(/\d+$/.exec(step)[0]));

/**
 * Finds what is blank at this stop: from a symbol and its layer to what is seen of it all the same.
 */
export function hideBlanks(player) {
  const { data } = player, steps = blankSteps(player).filter((step) => !isShown(player, step));
  const found = steps.map((
    step,
  ) => [
    step,
    here(player, step).filter(({ kind, asked }) => kind === "right" && asked === "number").map((
      a,
    ) => a.address),
  ]);
  player.hidden = found.length
    ? new Map(
      found.flatMap(([step, known]) =>
        data.asks[step].results.map((ref) => [ref, seenIn(player, ref, known)])
      ),
    )
    : null;
  player.hiddenKey = JSON.stringify(found);
}

/** Which cells of a matrix are seen: those that were predicted. */
function seenIn({ data }, ref, known) {
  const symbol = ref.split(" ")[0], first = SAMPLED.has(symbol) ? data.shown.first : 0;
  if (LOOSE.test(symbol)) return () => known.length > 0;
  return (row, column) => known.some(([, r, c]) => r === row && c === column + first);
}

/**
 * What is asked for here: the step, and the row and column of the unit or connection in focus; null
 * for nothing.
 */
export function question(player) {
  const steps = blankSteps(player), step = steps.find((name) => !isShown(player, name)) ?? steps[0];
  if (!step) return null;
  const { axes, results } = player.data.asks[step], layer = layerOf(player, step);
  const env = environment(player.at.unit, layer, player.at.sample);
  const [row, column] = axes.split(" ").map((name) => env[name] ?? 0);
  const [symbol] = results.at(-1).split(" ");
  const truth = truthOf(player, symbol, layer, row, column);
  const given = here(player, step).filter(({ address: [, r, c] }) => r === row && c === column);
  const done = isShown(player, step) || given.some(isAnswer) || typeof truth !== "number";
  const guesses = given.filter(({ asked }) => asked !== "shown");
  return { step, layer, row, column, symbol, axes, env, truth, given: guesses, done };
}

const isAnswer = ({ kind, asked }) => kind === "right" && asked === "number";

function truthOf(player, symbol, layer, row, column) {
  const M = sentMatrix(player, symbol, symbol === "C" ? 0 : layer);
  return M?.[row]?.[SAMPLED.has(symbol) ? column - player.data.shown.first : column];
}

/** The same while it has no answer. */
export function asked(player) {
  const found = question(player);
  return found && !found.done ? found : null;
}

export function inWords(player, { symbol, layer, row, column, axes }) {
  if (symbol === "C") return "the cost C";
  const from = axes === "j i" ? ` ← ${unitName(player, layer - 1, column)}` : "";
  const which = axes === "j s" && player.data.m > 1 ? `, sample ${column + 1}` : "";
  return `${shownName(symbol, layer)} of ${unitName(player, layer, row)}${from}${which}`;
}

export function spokenQuestion(player) {
  const found = asked(player);
  return found ? ` Predict ${inWords(player, found)}.` : "";
}
