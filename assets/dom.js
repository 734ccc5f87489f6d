// What the players share: numbers as text, nodes, the markers of the classes, light or dark, parcels.
// figures/player.py puts it in front of each of them: it exports nothing by itself.

/**
 * Four significant digits. A shorter decimal that is exact stays short; 0.5000 was rounded. From 1,000 on a whole
 * number; below 0.001 and from 100,000 on the power of ten is written out. Words stay as they are.
 * figures/style.py has the same function.
 */
function number(v, digits = 4) {
  if (typeof v !== "number") return v === undefined || v === null ? "…" : String(v);
  if (v === 0) return "0";
  const plain = Math.abs(v) < 10 ** (digits - 1) ? v.toPrecision(digits) : v.toFixed(0), size = Math.abs(Number(plain));
  const text = size < 0.001 || size >= 100000 ? v.toExponential(digits - 1) : plain;
  return (Number(text) === v ? shortened(text) : text).replace("e+", "e").replaceAll("-", "−");
}

/** Without the zeros at the end of the decimals. */
function shortened(text) {
  const [mantissa, exponent] = text.split("e");
  return (mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa) + (exponent === undefined ? "" : `e${exponent}`);
}

const SVG = "http://www.w3.org/2000/svg";

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}
const el = (tag, attributes = {}, ...children) => dress(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) => dress(document.createElementNS(SVG, tag), attributes, children);

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
function set(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

const MARKERS = { // all of about the same area
  circle: "M7 0A7 7 0 1 1-7 0A7 7 0 1 1 7 0Z", square: "M-6.2-6.2H6.2V6.2H-6.2Z",
  "triangle-up": "M0-9.4L9 6.2H-9Z", diamond: "M0-8.9L8.9 0 0 8.9-8.9 0Z",
};

/** Light or dark, from the background that the page really has. */
function paintTheme(root) {
  const background = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  if (!root.probe) root.append((root.probe = el("span", { hidden: true })));
  root.probe.style.color = background;
  const [r, g, b] = (background && getComputedStyle(root.probe).color.match(/[\d.]+/g)?.map(Number)) || [];
  const dark = r === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
  set(root, "data-theme", dark ? "dark" : "light");
}

const ARRAYS = { u1: Uint8Array, i1: Int8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

/** The words and the arrays {values, shape} of a parcel (figures/parcel.py). */
function unwrapped(bytes) {
  const whole = bytes.slice(), length = new DataView(whole.buffer).getUint32(0, true), start = Math.ceil((4 + length) / 8) * 8;
  const words = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)));
  const read = ([kind, shape, place]) => ({ values: new ARRAYS[kind](whole.buffer, start + place, shape.reduce((p, q) => p * q, 1)), shape });
  const arrays = Object.fromEntries(Object.entries(words.arrays).map(([name, listed]) => [name, read(listed)]));
  return { ...words, arrays };
}
