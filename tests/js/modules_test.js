// Each module is valid by itself: it can be imported with nothing around it, in any order.

import assert from "node:assert/strict";

const assets = new URL("../../assets/", import.meta.url);

function* modules(folder) {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* modules(new URL(`${name}/`, folder));
    else if (name.endsWith(".js")) yield new URL(name, folder).href;
  }
}

for (const address of modules(assets)) {
  Deno.test(`${address.slice(assets.href.length)} is a module of its own`, async () => {
    const worker = new Worker(new URL("alone.js", import.meta.url), { type: "module" });
    const said = new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
    worker.postMessage(address);
    assert.equal(await said, "");
    worker.terminate();
  });
}
