// Places on the plane.

import assert from "node:assert/strict";
import { across, down, EDGE, fitted, isIn, nearest, without } from "../../assets/plane/places.js";
import { each, size, whole } from "./random.js";

Deno.test("a coordinate is rounded to two decimals, stays inside, and is never −0", () => {
  each(5_000, (roll) => {
    const v = fitted(size(roll), 1.5);
    assert(Math.abs(v) <= 1.5 && !Object.is(v, -0));
    assert(Math.abs(Math.round(100 * v) - 100 * v) < 1e-9);
  });
});

Deno.test("the corners of the plane are the edges of the picture", () => {
  assert.deepEqual([across(-1.5, 1.5), across(1.5, 1.5)], [EDGE.left, EDGE.right]);
  assert.deepEqual([down(1.5, 1.5), down(-1.5, 1.5)], [EDGE.top, EDGE.bottom]);
});

Deno.test("the nearest point is the nearest, the later of two, and none beyond reach", () => {
  assert.equal(nearest([[0, 0], [1, 1], [0, 0]], [0.05, 0], 0.1), 2);
  assert.equal(nearest([[0, 0]], [1, 1], 0.1), -1);
  assert.equal(nearest([], [0, 0], 0.1), -1);
  each(2_000, (roll) => {
    const points = Array.from({ length: whole(roll, 1, 20) }, () => [roll(), roll()]),
      place = [roll(), roll()];
    const away = (p) => Math.hypot(p[0] - place[0], p[1] - place[1]), k = nearest(points, place, 9);
    assert(points.every((point) => away(point) >= away(points[k])));
  });
});

Deno.test("a place a little beyond the edge still counts", () => {
  assert(isIn([1.55, 0], 1.5) && !isIn([0, 1.6], 1.5));
  assert.deepEqual(without(["a", "b", "c"], 1), ["a", "c"]);
});
