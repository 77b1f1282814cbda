import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import {
  DataError,
  disposeParams,
  encodeTensors,
  hashParams,
  InputOutputError,
  writeAtomic,
} from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { createTrainState, disposeTrainState, loadTrainState, saveTrainState, train } from "../../lib/optim/mod.ts";
import { inFolder } from "../core/folder.ts";
import { tensorTest } from "../support.ts";
import { initialParams, reportsOf, training } from "./problem.ts";

tensorTest("saveTrainState() and loadTrainState() resume a training with the same bytes", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "state.safetensors"), init = initialParams();
    const [straight, stopped] = [createTrainState(init), createTrainState(init)];
    await reportsOf(train({ state: straight, ...training }));
    for await (const { step } of train({ state: stopped, ...training })) {
      if (step === 4) break;
    }
    await saveTrainState(path, stopped, { arm: "sobolev", seed: 3 });
    const { state, extra } = await loadTrainState(path);
    assertEquals(extra, { arm: "sobolev", seed: 3 });
    assertEquals(state.step, 4);
    await reportsOf(train({ state, ...training }));
    for (const part of ["params", "m", "v"] as const) {
      assertEquals(await hashParams(state[part]), await hashParams(straight[part]));
    }
    disposeParams(init);
    for (const each of [straight, stopped, state]) disposeTrainState(each);
  });
});

tensorTest("saveTrainState() keeps every bit and writes the same file twice", async () => {
  await inFolder(async (folder) => {
    const bits = Uint32Array.of(0x80000000, 0x00000001, 0x7F7FFFFF, 0x7F800000, 0x3DCCCCCD); // -0, subnormal, max, inf, 0.1
    const params = { x: tf.tensor1d(new Float32Array(bits.buffer)) };
    const state = createTrainState(params), paths = ["a", "b"].map((name) => join(folder, name));
    for (const path of paths) await saveTrainState(path, state);
    const { state: loaded, extra } = await loadTrainState(paths[0]);
    assertEquals([...new Uint32Array((await loaded.params.x.data()).slice().buffer)], [...bits]);
    assertEquals(extra, null);
    assertEquals(Deno.readFileSync(paths[0]), Deno.readFileSync(paths[1]));
    disposeParams(params);
    disposeTrainState(state);
    disposeTrainState(loaded);
  });
});

Deno.test("loadTrainState() throws on a file that is missing or holds no training", () =>
  inFolder(async (folder) => {
    const path = join(folder, "state");
    await assertRejects(() => loadTrainState(path), InputOutputError, "must exist");
    const x = { shape: [1], data: Float32Array.of(1) };
    const broken: [Uint8Array, string][] = [
      [new Uint8Array(3), "begins with 8 bytes"],
      [encodeTensors({ "params.x": x, "m.x": x, "v.x": x }), "must name its step"],
      [encodeTensors({ "params.x": x, "m.x": x, "v.x": x }, { step: "-1", extra: "null" }), "must name its step"],
      [encodeTensors({ "params.x": x, "m.x": x }, { step: "1", extra: "null" }), "needs its two moments"],
      [encodeTensors({ "params.x": x, "m.x": x, "v.y": x }, { step: "1", extra: "null" }), "needs its two moments"],
      [
        encodeTensors({ "params.x": x, "m.x": x, "v.x": { shape: [1, 1], data: x.data } }, {
          step: "1",
          extra: "null",
        }),
        "needs its two moments",
      ],
    ];
    for (const [bytes, message] of broken) {
      await writeAtomic(path, bytes);
      await assertRejects(() => loadTrainState(path), DataError, message);
    }
  }));
