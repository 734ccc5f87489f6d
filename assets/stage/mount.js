// The stage plays the scenes that figures/stage.py wrote. Python decides what a step shows.

import { paintTheme } from "../looks.js";
import { fontsOf } from "./fonts.js";
import { onKey } from "./keys.js";
import { remeasure } from "./measuring.js";
import { accompany } from "./moving.js";
import { createPlayer } from "./page.js";
import { takeIn } from "./receiving.js";

export function listen(player) {
  const stop = new AbortController(), { signal } = stop;
  document.addEventListener(
    "keydown",
    (event) => player.data && !player.data.beside && onKey(player, event),
    { signal },
  );
  document.addEventListener(
    "backstep-step",
    (event) => player.data?.beside && accompany(player, /** @type {CustomEvent} */ (event).detail),
    { signal },
  );
  matchMedia("(prefers-color-scheme: dark)").addEventListener(
    "change",
    () => paintTheme(player.root),
    { signal },
  );
  document.addEventListener("backstep-cargo", () => player.ready && takeIn(player), { signal });
  const sizes = new ResizeObserver(() => {
    if (player.data && player.parts.matrices.clientWidth !== player.width) remeasure(player);
  });
  sizes.observe(player.parts.matrices);
  document.fonts.addEventListener("loadingdone", () => player.data && remeasure(player), {
    signal,
  });
  player.destroy = () => {
    [player.playing, player.resting, player.speaking, player.settling].forEach(clearTimeout);
    stop.abort();
    sizes.disconnect();
    player.box.remove();
  };
}

/** The first picture, unless the stage has gone meanwhile. */
function begin(player) {
  player.ready = true;
  if (player.root.isConnected) takeIn(player);
}

/** Called whenever the data have changed, and the theme. */
export default function mount({ data, parentElement, setStateValue }) {
  const player = parentElement.querySelector("[data-testid=stage]")?.player ??
    createPlayer(parentElement);
  Object.assign(player, { sent: data, talk: setStateValue });
  paintTheme(player.root);
  if (player.ready) takeIn(player);
  else player.fonts ??= fontsOf(player.root).then(() => begin(player));
  return () => player.destroy();
}
