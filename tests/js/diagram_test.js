// What the diagram is computed from: references, scales, places of labels, paths.

import assert from "node:assert/strict";
import { flowPath, headPath } from "../../assets/stage/edges.js";
import { labelPlaces } from "../../assets/stage/labels.js";
import { bars } from "../../assets/stage/units.js";
import { environment, parseRef, scaleOf, share, sign } from "../../assets/stage/values.js";
import { each, size, whole } from "./random.js";

const fan = (roll, n, m) => {
  const y = (k, count) => (300 * (k + 0.5)) / count;
  const pairs = Array.from({ length: n * m }, (_, k) => [k % n, Math.floor(k / n)]);
  return pairs.map(([i, j]) => ({ x1: 0, x2: 100 + 200 * roll(), y1: y(i, n), y2: y(j, m) }));
};

Deno.test("a reference names a symbol, a layer, and rows and columns as numbers or variables", () => {
  assert.deepEqual(parseRef("W 1 j 0"), { symbol: "W", layer: 1, row: "j", column: 0 });
  assert.deepEqual(parseRef("C 0"), { symbol: "C", layer: 0, row: undefined, column: undefined });
});

Deno.test("the variables are those of the unit in focus, if it is of this layer", () => {
  assert.deepEqual(environment([2, 3, 1], 2, 5), { j: 3, i: 1, k: 0, r: 0, s: 5 });
  assert.deepEqual(environment([2, 3, 1], 1, -1), { j: 0, i: 0, k: 0, r: 0, s: 0 });
});

Deno.test("a scale is positive and one of the sizes, and 1 where there are none", () => {
  assert.equal(scaleOf([[[0, "overflow"]]]), 1);
  each(3_000, (roll) => {
    const values = Array.from({ length: whole(roll, 1, 40) }, () => size(roll)),
      scale = scaleOf([[values]]);
    assert(scale > 0);
    if (values.some((v) => v !== 0)) assert(values.some((v) => Math.abs(v) === scale));
  });
});

Deno.test("a share lies between 0 and 1, and a sign is one of three", () => {
  each(3_000, (roll) => {
    const v = size(roll), part = share(v, Math.abs(size(roll)) || 1);
    assert(part >= 0 && part <= 1);
    assert.equal(sign(v), v > 0 ? "positive" : v < 0 ? "negative" : "zero");
  });
  assert.deepEqual(["overflow", "−overflow", "?"].map(sign), ["positive", "negative", "zero"]);
});

Deno.test("each connection's number stands on its connection", () => {
  each(60, (roll) => {
    const lines = fan(roll, whole(roll, 1, 5), whole(roll, 1, 5)),
      places = labelPlaces(lines, 56, 17, 0.34);
    assert.equal(places.length, lines.length);
    places.forEach(({ x, y }, k) => {
      const { x1, y1, x2, y2 } = lines[k];
      assert(x > x1 && x < x2);
      assert(Math.abs(y - (y1 + ((y2 - y1) * (x - x1)) / (x2 - x1))) < 1e-9);
    });
  });
});

Deno.test("the numbers of two connections that cross stand apart", () => {
  const [p, q] = labelPlaces(
    [{ x1: 0, y1: 0, x2: 300, y2: 200 }, { x1: 0, y1: 200, x2: 300, y2: 0 }],
    56,
    17,
    0.5,
  );
  assert(Math.abs(p.x - q.x) >= 56 || Math.abs(p.y - q.y) >= 17);
});

Deno.test("what runs along a connection stays between its circles and points its way", () => {
  const line = { x1: 0, y1: 0, x2: 100, y2: 0 };
  assert.equal(flowPath([line], 20), "M23.0 0.0L77.0 0.0");
  assert.match(headPath([line], 1), /^M53\.0 6\.0L62\.0 0\.0L53\.0 -6\.0$/);
  assert.equal(flowPath([], 20), "");
});

Deno.test("positive and negative samples have bars of their own, one for each of the first 40", () => {
  const row = [1, -1, 0.5, 0, "−overflow"], count = (path) => path.split("M").length - 1;
  assert.equal(count(bars(row, 1, 20, 1)), 3);
  assert.equal(count(bars(row, 1, 20, -1)), 2);
  assert.equal(count(bars(Array(99).fill(1), 1, 20, 1)), 40);
});
