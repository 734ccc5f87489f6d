// The hold: the parcels that came as cargo. All players of the page share it, whichever file they
// are in.

const KEPT = 8; // of what has a name of its own, such as words: two stages may stand side by side
const NAMED = ["words", "samples"];

const held = (globalThis.backstepCargo ??= new Map());

/** Of words each text has a place of its own; of the rest there is one of each kind. */
const placeOf = (kind, id) => (NAMED.includes(kind) ? `${kind} ${id}` : kind);

/**
 * Leaves a parcel in the hold, and lets the players know.
 * @param {{kind: string, id: string}} parcel
 */
export function hold(parcel) {
  const place = placeOf(parcel.kind, parcel.id);
  if (held.get(place)?.id === parcel.id) return;
  held.set(place, parcel);
  const named = [...held.keys()].filter((name) => name.includes(" "));
  named.slice(0, -KEPT).forEach((name) => held.delete(name));
  document.dispatchEvent(new Event("backstep-cargo"));
}

/**
 * The last parcel of a kind, or the one with this identity; undefined while it has not come.
 * @param {string} kind @param {string} [id]
 */
export const fromHold = (kind, id = "") => held.get(placeOf(kind, id));
