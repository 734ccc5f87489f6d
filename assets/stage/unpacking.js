// Opens what Python sends to the stage: shapes as words, and all numbers in one array
// (figures/packing.py).

import { fromHold } from "../hold.js";
import { unwrapped } from "../parcel.js";

const BRACE = 123; // {

/** A number that is not finite has a name. */
const named = (v) =>
  Number.isFinite(v) ? v : Number.isNaN(v) ? "nan" : v > 0 ? "overflow" : "−overflow";

/**
 * A tree of dicts and matrices from its shapes; `numbers` are taken in the order of the tree.
 * @param {any} shapes @param {Float64Array} numbers
 */
export function rebuilt(shapes, numbers) {
  let place = 0;
  const list = (length) => Array.from(numbers.subarray(place, place += length), named);
  const matrix = (rows, columns) => Array.from({ length: rows }, () => list(columns));
  const tree = (shape) => {
    if (shape === null) return named(numbers[place++]);
    if (typeof shape === "number") return list(shape);
    if (typeof shape === "string") return matrix(...shape.split("x").map(Number));
    if (Array.isArray(shape)) return shape.map(tree);
    return Object.fromEntries(Object.entries(shape).map(([name, part]) => [name, tree(part)]));
  };
  return tree(shapes);
}

/**
 * {words, numbers} of what was sent: JSON where it came in one piece, else numbers and the names of
 * their cargo. Undefined while that is still on its way.
 * @param {Uint8Array} bytes
 */
export function opened(bytes) {
  // The words of a parcel begin behind their length, which may be any four bytes.
  if (bytes[4] !== BRACE) return JSON.parse(new TextDecoder().decode(bytes));
  const { cargo, numbers, shapes, arrays } = unwrapped(bytes);
  const words = fromHold("words", cargo.words), samples = fromHold("samples", cargo.samples);
  if (!words || !samples) return undefined;
  const values = rebuilt(shapes, arrays.values.values);
  return { words: words.words, numbers: { ...numbers, ...values, samples: samples.samples } };
}
