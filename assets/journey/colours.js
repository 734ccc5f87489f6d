// Colours of the page as numbers, for what is painted pixel by pixel.

/** A custom property of the root as [r, g, b]. */
export function colourOf({ root }, name) {
  const key = `${root.dataset.theme} ${name}`, known = (root.colours ??= {});
  if (!known[key]) {
    root.probe.style.color = `var(${name})`;
    known[key] = getComputedStyle(root.probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  }
  return known[key];
}

/** A colour for each of 256 steps of the logarithmic scale. */
export function ramp(journey) {
  const canvas = new OffscreenCanvas(256, 1),
    pen = canvas.getContext("2d", { willReadFrequently: true }),
    gradient = pen.createLinearGradient(0, 0, 256, 0);
  for (let k = 0; k < 5; k++) {
    gradient.addColorStop(
      k / 4,
      getComputedStyle(journey.root).getPropertyValue(`--heat${k}`).trim(),
    );
  }
  pen.fillStyle = gradient;
  pen.fillRect(0, 0, 256, 1);
  return pen.getImageData(0, 0, 256, 1);
}

/**
 * From a value to 0 … 1 of the scale; undefined where there is no size: 0, or not a number.
 * @param {number[]} range @param {number} v
 */
export function shareOf([low, high], v) {
  if (!(v > 0)) return undefined;
  return Math.max(0, Math.min(1, (Math.log10(v) - low) / (high - low)));
}
