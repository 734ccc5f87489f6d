// Nodes of our own MathML.

const parsed = new Map();

/** A fresh node for one of our own MathML formulas; each is parsed once. */
export function math(markup) {
  if (!parsed.has(markup)) {
    parsed.set(markup, new DOMParser().parseFromString(markup, "text/html").body.firstElementChild);
  }
  return document.importNode(parsed.get(markup), true);
}

export const rich = (
  text,
) => (text.startsWith("<math") ? math(text) : document.createTextNode(text));

export const operator = (text) => math(`<math><mo>${text}</mo></math>`);

/** Keeps the room around an operator that begins a piece in the middle of a line. */
export function infix(formula, inside) {
  const first = formula.querySelector(":not(mrow, mstyle)");
  if (inside && first?.localName === "mo" && /^[+−=·×⊙←]$/.test(first.textContent)) {
    first.setAttribute("form", "infix");
  }
  return formula;
}
