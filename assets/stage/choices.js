// Labelled selects.

import { el } from "../nodes.js";

/** A labelled select; a choice made with the mouse gives the keys back to the stage. */
export function choice(label, change) {
  const select = el("select", {
    change: () => {
      change(select.value);
      if (!select.matches(":focus-visible")) select.blur();
    },
  });
  return { node: el("label", {}, el("span", {}, label), select), select };
}

export function options(select, pairs) {
  select.replaceChildren(...pairs.map(([value, text]) => el("option", { value }, text)));
}
