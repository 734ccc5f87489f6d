// A small picture of an activation.

import { set, svg } from "../nodes.js";
import { cellOf } from "./values.js";

const W = 220, H = 110, AIR = 8;

/** From values to pixels, so that the whole curve and both axes are seen. */
function scales(curve) {
  const [x0, x1] = [curve.x[0], curve.x.at(-1)];
  const y0 = Math.min(0, ...curve.y), y1 = Math.max(...curve.y, y0 + 1e-9);
  const inside = (v, low, high) => Math.max(low, Math.min(high, v));
  const X = (x) => AIR + ((x - x0) / (x1 - x0)) * (W - 2 * AIR);
  const Y = (y) => H - AIR - ((y - y0) / (y1 - y0)) * (H - 2 * AIR);
  return { X, Y, within: (x, y) => [X(inside(x, x0, x1)), Y(inside(y, y0, y1))] };
}

/** The activation of a layer with the point of a unit on it; null where it has no curve. */
export function buildCurve(player, layer) {
  const curve = player.data.curves?.[layer];
  if (!curve) return null;
  const { X, Y, within } = scales(curve);
  const point = svg("circle", { r: 5, class: "point" }), drop = svg("path", { class: "drop" });
  const line = curve.x.map((x, k) => `${X(x).toFixed(1)} ${Y(curve.y[k]).toFixed(1)}`).join("L");
  const node = svg(
    "svg",
    { class: "curve", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": LABEL },
    svg("path", { class: "axis", d: `M${AIR} ${Y(0)}H${W - AIR}M${X(0)} ${AIR}V${H - AIR}` }),
    svg("path", { class: "line", d: "M" + line }),
    drop,
    point,
  );
  const update = ({ j, s }) => {
    const [z, a] = ["z", curve.of].map((symbol) => cellOf(player, symbol, layer, j, s));
    const seen = typeof z === "number" && typeof a === "number";
    const [x, y] = within(z, a).map((v) => v.toFixed(1));
    set(point, "transform", seen ? `translate(${x} ${y})` : "translate(-99 -99)");
    set(drop, "d", seen ? `M${x} ${Y(0)}V${y}H${X(0)}` : "");
  };
  return { node, update };
}

const LABEL = "The activation, with this unit's point";
