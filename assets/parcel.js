// Opens a parcel: words and packed numbers in one piece of bytes (figures/parcels.py).

export const ARRAYS = {
  u1: Uint8Array,
  i1: Int8Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
};

/**
 * The words and the arrays {values, shape} of a parcel (figures/parcels.py).
 * @param {Uint8Array} bytes
 */
export function unwrapped(bytes) {
  const whole = bytes.slice(),
    length = new DataView(whole.buffer).getUint32(0, true),
    start = Math.ceil((4 + length) / 8) * 8;
  const words = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)));
  const read = ([kind, shape, place]) => ({
    values: new ARRAYS[kind](whole.buffer, start + place, shape.reduce((p, q) => p * q, 1)),
    shape,
  });
  const arrays = Object.fromEntries(
    Object.entries(words.arrays).map(([name, listed]) => [name, read(listed)]),
  );
  return { ...words, arrays };
}
