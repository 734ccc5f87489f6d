// What a reference such as "W 1 j i" stands for, here and now: its number, its name, its sign and
// size.

const NAMES = {
  delta: "δ",
  slope: "f′(z)",
  W_new: "new W",
  b_new: "new b",
  eta: "η",
  mean: "μ",
  mean_s: "μ",
  sigma: "σ",
  sigma_s: "σ",
  mean_delta: "mean of δ",
  mean_delta_s: "mean of δ",
  mean_delta_n: "mean of δ n",
  mean_delta_n_s: "mean of δ n",
};

export const shownName = (symbol, layer) =>
  symbol === "a" && layer === 0 ? "x" : NAMES[symbol] ?? symbol;

export const BLANK = "?"; // stands where a number is to be predicted

export function sign(v) {
  if (v === 0 || v === BLANK) return "zero";
  const below = typeof v === "number" ? v < 0 : String(v).startsWith("−");
  return below ? "negative" : "positive";
}

/** How much of a scale a size takes; what has overflowed takes all of it. */
export function share(v, scale) {
  if (typeof v === "number") return Math.min(1, Math.abs(v) / scale);
  return v === BLANK ? 0 : 1;
}

/**
 * "W 1 j i" -> {symbol, layer, row, column}; row and column are numbers or names of variables.
 * @param {string} ref
 */
export function parseRef(ref) {
  const [symbol, layer, row, column] = ref.split(" ");
  const index = (text) => (/^\d+$/.test(text ?? "") ? Number(text) : text);
  return { symbol, layer: Number(layer), row: index(row), column: index(column) };
}

/**
 * The variables of the formulas: j, i from the unit in focus if it is of this layer, s from the
 * sample.
 * @param {number[]} unit @param {number} layer @param {number} sample
 * @returns {import("./types.js").Environment}
 */
export function environment(unit, layer, sample) {
  const here = unit[0] === layer;
  return {
    j: here ? unit[1] : 0,
    i: here && unit.length === 3 ? unit[2] : 0,
    k: 0,
    r: 0,
    s: Math.max(sample, 0),
  };
}

/**
 * The 95th percentile of the sizes of the finite numbers in some matrices; never 0.
 * @param {import("./types.js").Matrix[]} matrices
 */
export function scaleOf(matrices) {
  const sizes = matrices.flat(2).filter((v) => typeof v === "number" && v !== 0).map(Math.abs).sort(
    (p, q) => p - q,
  );
  return sizes[Math.floor(0.95 * (sizes.length - 1))] || 1;
}

export const now = (player) => player.walk[player.at.index];

export const SAMPLED = new Set([
  "u",
  "n",
  "z",
  "f",
  "a",
  "da",
  "slope",
  "delta",
  "du",
  "losses",
  "y",
  "mean_s",
  "sigma_s",
  "mean_delta_s",
  "mean_delta_n_s",
]); // their columns are samples, of which a window travels

/**
 * The matrix (a list of rows) that a symbol stands for, as far as it is no blank; undefined while
 * it has not arrived.
 */
export function matrixOf(player, symbol, layer) {
  const M = sentMatrix(player, symbol, layer), seen = player.hidden?.get(`${symbol} ${layer}`);
  return M && seen ? M.map((row, r) => row.map((v, c) => (seen(r, c) ? v : BLANK))) : M;
}

/** The same as Python sent it: for a symbol of this iteration. */
export function sentMatrix({ data, at }, symbol, layer) {
  const trace = data.traces[at.iteration],
    t = String(symbol).endsWith("_new") ? at.iteration + 1 : at.iteration;
  if (symbol === "m") return [[data.m]];
  if (symbol[0] === "W" || symbol[0] === "b") return data.parameters[t]?.[symbol[0]]?.[layer];
  return ["C", "losses", "y"].includes(symbol) ? trace?.[symbol] : trace?.[symbol]?.[layer];
}

export function valueOf(player, ref, env) {
  const { symbol, layer, row = 0, column = 0 } = (player.refs[ref] ??= parseRef(ref));
  return cellOf(player, symbol, layer, env[row] ?? row, env[column] ?? column);
}

/** One number; a sample's column is counted from the first sample that was sent. */
export function cellOf(player, symbol, layer, row, column) {
  return matrixOf(player, symbol, layer)?.[row]
    ?.[SAMPLED.has(symbol) ? column - player.data.shown.first : column];
}

/** The full value as text, for those who want every digit. */
export const exact = (
  v,
) => (v === undefined ? "…" : String(v).replace("e+", "e").replaceAll("-", "−"));

export const numbered = (name) => /^\d+$/.test(name);

export const unitName = ({ data }, l, j) => {
  const name = data.layers[l].units[j];
  return `${data.layers[l].title} ${numbered(name) ? "unit " : ""}${name}`;
};
