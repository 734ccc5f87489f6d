// What is drawn before its font has come would move when it comes: the first picture waits for them all.

const PATIENCE = 3000; // milliseconds: as long as a browser shows no text in another font

/** Asks for the fonts of the stage; done when all have come or failed, or it has taken too long. */
export function fontsOf(root) {
  const { fontFamily } = getComputedStyle(root);
  const code = getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace";
  const wanted = [`16px ${fontFamily}`, `italic 16px ${fontFamily}`, `16px ${code}`, '16px "STIX Two Math"'];
  const come = Promise.allSettled(wanted.map((font) => document.fonts.load(font)));
  return Promise.race([come, new Promise((late) => setTimeout(late, PATIENCE))]);
}
