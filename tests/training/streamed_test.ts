import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { disposeParams, RefusedError, StoppedError, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { networkTargets, openModel, trainModel, type TrainRequest } from "../../lib/experiment/mod.ts";
import { estimateTraining } from "../../lib/experiment/training/memory.ts";
import { adapterTargets } from "../../lib/experiment/training/targets.ts";
import { heun, isAwaited, sample } from "../../lib/flow/mod.ts";
import { readLora } from "../../lib/weights/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close, newTensors, tensorTest } from "../support.ts";
import { finish, prepareTiny, tinyRequest, tinySettings } from "./tiny.ts";

const STAGES = ["sft", "adversary", "asdpo"] as const, LORA = "pytorch_lora_weights.safetensors";

/** Two micro-batches a step. */
function settingsOf(conditioning: "token" | "channel") {
  const stage = { steps: 2, batchSize: 1, accumulation: 2, warmup: 0, learningRate: 1e-3 };
  return tinySettings("flux", { conditioning, sft: stage, adversary: stage, asdpo: { ...stage, beta: 50 } });
}

/** Trains all stages and lists the losses of all steps. */
async function losses(request: TrainRequest): Promise<number[]> {
  const { events } = await finish(request);
  return events.flatMap((event) => event.kind === "step" && "loss" in event.numbers ? [event.numbers.loss] : []);
}

for (const [conditioning, engines] of [["token", undefined], ["channel", ["native"]]] as const) {
  tensorTest(`trainModel() on streamed weights equals that on resident ones: ${conditioning}`, async () => {
    await inFolder(async (folder) => {
      const places = await prepareTiny(folder, "flux"), settings = settingsOf(conditioning);
      const request = (weights: "resident" | "streamed"): TrainRequest => ({
        ...tinyRequest(settings, { ...places, out: join(folder, weights) }),
        weights,
      });
      const [resident, streamed] = [await losses(request("resident")), await losses(request("streamed"))];
      assertEquals(streamed.length, 2 * STAGES.length);
      close(streamed, resident, { relative: 1e-4 });
      for (const stage of STAGES) {
        const [ours, theirs] = [
          await readLora(join(folder, "streamed", stage, LORA)),
          await readLora(join(folder, "resident", stage, LORA)),
        ];
        assertEquals(Object.keys(ours.params), Object.keys(theirs.params));
        // AdamW divides by the gradient's size, so that the rounding of the smallest gradients shows.
        for (const name of Object.keys(theirs.params)) {
          close(ours.params[name], theirs.params[name], { relative: 2e-3, absolute: 1e-5 });
        }
        for (const { params } of [ours, theirs]) disposeParams(params);
      }
    });
  }, { engines });
}

tensorTest("trainModel() on streamed weights stopped in every stage goes on to the same bytes", async () => {
  await inFolder(async (folder) => {
    const places = await prepareTiny(folder, "flux");
    const request = (out: string): TrainRequest => ({
      ...tinyRequest(settingsOf("token"), { ...places, out: join(folder, out) }),
      weights: "streamed",
    });
    for (const label of ["SFT", "adversary", "AS-DPO"]) {
      const controller = new AbortController();
      await assertRejects(async () => {
        for await (const event of trainModel({ ...request("stopped"), signal: controller.signal })) {
          if (event.kind === "step" && event.label === label && event.step === 1) controller.abort();
        }
      }, StoppedError);
    }
    await finish(request("stopped"));
    await finish(request("straight"));
    for (const stage of STAGES) {
      for (const name of [LORA, "curve.json", "step-000002.png"]) {
        const [stopped, straight] = ["stopped", "straight"].map((out) => Deno.readFile(join(folder, out, stage, name)));
        assertEquals(await stopped, await straight);
      }
    }
  });
}, { engines: ["native"] });

tensorTest("trainModel() streams the weights where they do not fit, and goes on so", async () => {
  await inFolder(async (folder) => {
    const places = { ...await prepareTiny(folder, "flux"), out: join(folder, "out") };
    // The weights of so small a network are nothing beside the activations that it keeps unless it is streamed.
    const settings = { ...settingsOf("token"), checkpointing: false };
    const request = { ...tinyRequest(settings, places), stages: ["sft"] as const };
    const targets = adapterTargets(await networkTargets({ ...settings, ...places }), settings);
    const [resident, streamed] = await estimateTraining({
      checkpoint: places.checkpoint,
      settings,
      stages: ["sft"],
      targets,
    });
    const said = async (changed: Partial<TrainRequest>) => {
      const { events } = await finish({ ...request, ...changed });
      return events.flatMap((event) => event.kind === "note" ? [event.text] : []).join("\n");
    };
    assert(streamed.bytes < resident.bytes);
    assert((await said({ memoryLimit: resident.bytes - 1 })).includes("the blocks' weights streamed"));
    assert((await said({})).includes("the blocks' weights streamed"));
    await assertRejects(
      () => finish({ ...request, weights: "resident" }),
      RefusedError,
      'weights (--hold) left out, not "streamed"',
    );
  });
}, { engines: ["native"] });

tensorTest("trainModel() says that WebAssembly expands bfloat16", async () => {
  await inFolder(async (folder) => {
    const places = { ...await prepareTiny(folder, "flux"), out: join(folder, "out") };
    const request = { ...tinyRequest(tinySettings("flux", { dtype: "bf16" }), places), stages: ["sft"] as const };
    const { events } = await finish(request);
    assert(events.some((event) => event.kind === "note" && event.text.startsWith("WebAssembly has no bfloat16")));
  });
}, { engines: ["wasm"] });

tensorTest("openModel() with streamed weights samples as with resident ones, also by two values a step", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const { checkpoint } = await prepareTiny(folder, "flux");
    const shape: [number, number, number, number] = [3, 4, 6, 16];
    const x0 = scope.own(tf.randomNormal<tf.Rank.R4>(shape, 0, 1, "float32", 1));
    const c = scope.own(tf.randomNormal<tf.Rank.R4>(shape, 0, 1, "float32", 2));
    const results: tf.Tensor[] = [];
    for (const weights of ["resident", "streamed"] as const) {
      using model = await openModel({ backbone: "flux", checkpoint, dtype: "f32", weights });
      const field = model.backbone.velocity(model.params);
      assertEquals(isAwaited(field), weights === "streamed");
      for (const solver of [model.solver, heun]) {
        results.push(scope.own(await sample({ field, solver, x0, c, steps: 2, batchSize: 2 })));
      }
      const again = () => sample({ field, solver: heun, x0, c, steps: 1 }).then((x) => x.dispose());
      assertEquals(await newTensors(again), 0);
      if (weights === "streamed") {
        const t = scope.own(tf.zeros<tf.Rank.R1>([3]));
        assertThrows(() => field(x0, t, c), RangeError, "its values must be awaited");
      }
    }
    close(results[2], results[0], { relative: 1e-5 });
    close(results[3], results[1], { relative: 1e-5 });
  });
});
