// Numbers as text, as every player writes them.

/**
 * Four significant digits. A shorter decimal that is exact stays short; 0.5000 was rounded. From
 * 1,000 on a whole number; below 0.001 and from 100,000 on the power of ten is written out. Words
 * stay as they are. figures/style.py has the same function.
 * @param {number | string | null | undefined} v @param {number} [digits] @returns {string}
 */
export function number(v, digits = 4) {
  if (typeof v !== "number") return v === undefined || v === null ? "…" : String(v);
  if (v === 0) return "0";
  const plain = Math.abs(v) < 10 ** (digits - 1) ? v.toPrecision(digits) : v.toFixed(0),
    size = Math.abs(Number(plain));
  const text = size < 0.001 || size >= 100000 ? v.toExponential(digits - 1) : plain;
  return (Number(text) === v ? shortened(text) : text).replace("e+", "e").replaceAll("-", "−");
}

/** Without the zeros at the end of the decimals. */
export function shortened(text) {
  const [mantissa, exponent] = text.split("e");
  return (mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa) +
    (exponent === undefined ? "" : `e${exponent}`);
}
