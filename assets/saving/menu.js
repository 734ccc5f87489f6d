// The small menu from which a picture is saved.

import { dress, el } from "../nodes.js";

/**
 * A small menu that saves as SVG or PNG; `save` is told which. Escape, or a step out of it, closes
 * it.
 */
export function saveMenu(title, save) {
  const button = (kind) => {
    const click = () => {
      close(menu, head);
      save(kind);
    };
    return el("button", { type: "button", "aria-label": `Save as ${kind}: ${title}`, click }, kind);
  };
  const head = el("summary", { "aria-label": `Save: ${title}` }, "Save");
  const group = { role: "group", "aria-label": "Save as" };
  const kinds = el("div", group, button("SVG"), button("PNG"));
  const menu = el("details", { class: "save" }, head, kinds);
  const keydown = (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close(menu, head);
  };
  const focusout = ({ relatedTarget }) => {
    if (!menu.contains(relatedTarget)) menu.open = false;
  };
  return dress(menu, { keydown, focusout }, []);
}

function close(menu, head) {
  if (menu.contains(menu.getRootNode().activeElement)) head.focus();
  menu.open = false;
}
