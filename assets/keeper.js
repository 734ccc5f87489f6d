// The keeper: what a session knows of its visitor alone stays in the tab as well. A new session, after a restart of the
// server or a reload, gets back what an earlier one has left here; from then on the tab follows the session.

const NAME = "backstep";

/** What is kept in a store; nothing where it holds nothing of ours. */
function left(store) {
  try {
    return JSON.parse(store.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}

export default function ({ data, setStateValue }) {
  try {
    const store = globalThis[data.store], { session, kept } = left(store);
    if (!data.known && kept && session !== data.session) setStateValue("left", { session: data.session, kept });
    else store.setItem(NAME, JSON.stringify({ session: data.session, kept: data.kept }));
  } catch { /* a browser that lets nobody store anything keeps nothing */ }
}
