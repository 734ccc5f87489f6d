// The small menu from which a picture is saved.

import { dress, el } from "../nodes.js";

/**
 * A small menu that saves as SVG or PNG; `save` is told which. Escape, or a step out of it, closes
 * it.
 */
export function saveMenu(title, save) {
  const button = (kind) =>
    el("button", {
      type: "button",
      "aria-label": `Save as ${kind}: ${title}`,
      click: () => (close(), save(kind)),
    }, kind);
  const head = el("summary", { "aria-label": `Save: ${title}` }, "Save"),
    menu = el(
      "details",
      { class: "save" },
      head,
      el("div", { role: "group", "aria-label": "Save as" }, button("SVG"), button("PNG")),
    );
  const close =
    () => (menu.contains(menu.getRootNode().activeElement) && head.focus(), (menu.open = false));
  return dress(menu, {
    keydown: (event) => event.key === "Escape" && menu.open && (event.stopPropagation(), close()),
    focusout: ({ relatedTarget }) => {
      if (!menu.contains(relatedTarget)) menu.open = false;
    },
  }, []);
}
