import { assertThrows } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import { applyRope, joinRope, ropeGrid, ropeTable } from "../../lib/nn/mod.ts";
import { readSafetensors } from "../../lib/weights/mod.ts";
import { tensorScope } from "../../lib/core/mod.ts";
import { close, goldenPath, tensorTest } from "../support.ts";
import { noise, sameGradient } from "./same_gradient.ts";

const widths = [4, 6, 6];
const grid = (rows: number, columns: number, plane = 0) =>
  Array.from({ length: rows * columns }, (_, i) => [plane, Math.floor(i / columns), i % columns]);

tensorTest("ropeTable() equals diffusers 0.42.1", async () => {
  using scope = tensorScope();
  const { tensors: io } = await readSafetensors(goldenPath("flux/flux_tiny_io.safetensors"));
  scope.own(io);
  const ids = [...io["in.txt_ids"].arraySync() as number[][], ...io["in.img_ids"].arraySync() as number[][]];
  const { cos, sin } = scope.own({ ...ropeTable(ids, widths) });
  close(cos, io["act.pos_embed.0"], 1e-6);
  close(sin, io["act.pos_embed.1"], 1e-6);
});

tensorTest("ropeGrid() and joinRope() give the table of their positions", () => {
  const actual = joinRope(2, ropeGrid(3, 5, widths), ropeGrid(2, 4, widths, 1));
  const expected = ropeTable([[0, 0, 0], [0, 0, 0], ...grid(3, 5), ...grid(2, 4, 1)], widths);
  close(actual.cos, expected.cos, 1e-7);
  close(actual.sin, expected.sin, 1e-7);
});

tensorTest("applyRope() keeps the norm of every pair, and a token at position 0 as it is", () => {
  const x = noise(2, 3, 15, 16), turned = applyRope(x, ropeGrid(3, 5, widths));
  const norms = (x: tf.Tensor) => x.square().reshape([-1, 2]).sum(-1);
  close(norms(turned), norms(x), 1e-5);
  close(turned.slice([0, 0, 0, 0], [2, 3, 1, 16]), x.slice([0, 0, 0, 0], [2, 3, 1, 16]), 0);
});

tensorTest("applyRope() turns a pair (a, b) to (a cos - b sin, b cos + a sin)", () => {
  const { cos, sin } = Math;
  close(applyRope(tf.tensor2d([[2, 3]]), ropeTable([[0.7]], [2])), [
    2 * cos(0.7) - 3 * sin(0.7),
    3 * cos(0.7) + 2 * sin(0.7),
  ], 1e-6);
});

tensorTest("applyRope() makes products of queries and keys depend on relative positions only", () => {
  const q = noise(6, 16), k = noise(6, 16).reverse(0);
  const scores = (offset: number[]) => {
    const table = ropeTable(grid(2, 3).map((row) => row.map((id, axis) => id + offset[axis])), widths);
    return tf.matMul(applyRope(q, table), applyRope(k, table), false, true);
  };
  close(scores([1, 20, 7]), scores([0, 0, 0]), { relative: 1e-5 });
});

tensorTest("applyRope() has the gradient of a rotation", () => {
  const table = ropeGrid(3, 5, widths);
  const formula = (x: tf.Tensor) => {
    const [even, odd] = tf.unstack(x.reshape([2, 15, 8, 2]), -1);
    const [cos, sin] = [table.cos, table.sin].map((each) =>
      each.reshape([15, 8, 2]).slice([0, 0, 0], [15, 8, 1]).squeeze([2])
    );
    return tf.stack([even.mul(cos).sub(odd.mul(sin)), odd.mul(cos).add(even.mul(sin))], -1).reshape([2, 15, 16]);
  };
  sameGradient((x) => applyRope(x, table), formula, [[2, 15, 16]]);
});

tensorTest("ropeTable() refuses odd widths and positions that do not fit the axes", () => {
  assertThrows(() => ropeTable([[0, 0]], [4, 3]), RangeError, "axis widths must be even: current value is 4,3");
  assertThrows(() => ropeTable([[0, 0]], widths), RangeError, "needs 3 positions: current value is [0,0]");
});
