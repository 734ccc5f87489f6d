// The cargo: what the journey needs and what rarely changes travels by itself, once, and is left here for it.
// A part that the page shows again unchanged costs nothing on the way, however often the cursor comes to rest.

/** kind -> the last parcel of that kind, shared by all players of the page. */
const cargo = (globalThis.backstepCargo ??= new Map());

export default function ({ data }) {
  const parcel = unwrapped(data);
  if (cargo.get(parcel.kind)?.id === parcel.id) return;
  cargo.set(parcel.kind, parcel);
  document.dispatchEvent(new Event("backstep-cargo"));
}
