import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, StoppedError, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { exportInputs, folderOutputs, hallucinated, sharpened, undertrained } from "../../lib/adversary/mod.ts";
import { drawNoise, sampleEuler } from "../../lib/flow/mod.ts";
import { createRaster, writePng } from "../../lib/image/mod.ts";
import { bicubic, restorePairs, unsharpMask } from "../../lib/restorers/mod.ts";
import { close, tensorTest } from "../support.ts";
import { toyBackbone, toyPairs } from "../flow/toy.ts";

const pairs = toyPairs(4, 16);
const values = 16 * 16 * 3;

tensorTest("sharpened() is the unsharp mask of the restorer", async () => {
  const { images, pixels } = await sharpened(bicubic, { amount: 1.2 })(pairs, [1, 3]);
  assertEquals(images, [1, 3]);
  const restored = await restorePairs(bicubic, pairs, { images: [1, 3] });
  tf.tidy(() => close(unsharpMask(tf.tensor4d(restored, [2, 16, 16, 3]), { amount: 1.2 }), pixels, 1e-5));
});

tensorTest("undertrained() samples in a few Euler steps from keyed noise", async () => {
  using scope = tensorScope();
  const params = scope.own(toyBackbone.init(0));
  const field = toyBackbone.velocity(params);
  const { pixels } = await undertrained(field, { seed: 3 })(pairs, [0, 2]);
  const again = await undertrained(field, { seed: 3 })(pairs, [2]);
  close(again.pixels, pixels.subarray(values), 1e-6);
  tf.tidy(() => {
    const c = tf.tensor4d(pairs.condition.slice(2 * values, 3 * values), [1, 16, 16, 3]);
    const x0 = drawNoise(3, "undertrained/noise", 0, [2], [16, 16, 3]);
    close(sampleEuler(field, x0, c, 4).clipByValue(-1, 1), again.pixels, 1e-5);
  });
});

tensorTest("hallucinated() paints texture where there are edges only", async () => {
  const flat = { ...pairs, lr: pairs.lr.map((value, at) => at < 48 ? 0.25 : value) };
  const { pixels } = await hallucinated(bicubic, { seed: 0 })(flat, [0, 1]);
  const restored = await restorePairs(bicubic, flat, { images: [0, 1] });
  const difference = pixels.map((value, at) => value - restored[at]);
  const deviation = (part: Float32Array) => Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length);
  assert(deviation(difference.subarray(0, values)) < 1e-3, "a flat image has no edges");
  const painted = deviation(difference.subarray(values));
  assert(painted > 0.04 && painted < 0.25, `texture of deviation ${painted}`);
  const other = await hallucinated(bicubic, { seed: 1 })(flat, [1]);
  assert(deviation(other.pixels.map((value, at) => value - pixels[values + at])) > 0.04);
});

tensorTest("every source stops at its signal", async () => {
  using scope = tensorScope();
  const params = scope.own(toyBackbone.init(0));
  const signal = AbortSignal.abort();
  for (
    const source of [
      sharpened(bicubic, { amount: 1 }),
      undertrained(toyBackbone.velocity(params), { seed: 0 }),
      hallucinated(bicubic, { seed: 0 }),
    ]
  ) await assertRejects(() => source(pairs, [0], signal), StoppedError);
});

tensorTest("folderOutputs() takes files by the names of exportInputs(), others' formats included", async () => {
  const named = { ...pairs, ids: ["kodak/01.png#0", "kodak/01.png#1", "kodak/02.png", "other"] };
  const folder = await Deno.makeTempDir();
  try {
    await exportInputs(folder, named, [0, 1, 2]);
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    assertEquals(names, ["kodak_01-0.png", "kodak_01-1.png", "kodak_02.png"]);
    // The inputs themselves are no outputs: they have another size.
    await assertRejects(
      () => folderOutputs(folder)(named, [0, 1]),
      DataError,
      "kodak_01-0.png as it must be 16 x 16: current value is 4 x 4",
    );
    await writePng(
      join(folder, "kodak_01-1.png"),
      createRaster({ width: 16, height: 16 }, 3, new Float32Array(values).fill(1)),
    );
    const set = await folderOutputs(folder)(named, [1, 3]);
    assertEquals([set.images, set.size, set.pixels.length], [[1], 16, values]);
    assert(set.pixels.every((value) => value === 1));
    await assertRejects(() => folderOutputs(folder)(named, [3]), DataError, "at least one");
    await Deno.writeTextFile(join(folder, "kodak_02.png"), "no image");
    await assertRejects(() => folderOutputs(folder)(named, [0, 2]), DataError, "kodak_02.png");
    await assertRejects(() => folderOutputs(join(folder, "none"))(named, [0]), DataError, "none");
    const twins = { ...named, ids: ["a/b", "a_b", "c", "d"] };
    await assertRejects(() => exportInputs(folder, twins, [0, 1]), DataError, "both are a_b");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
