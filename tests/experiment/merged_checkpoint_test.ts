import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { mergeInto } from "../../lib/cli/lora/merge.ts";
import { writeTinyCheckpoint } from "../../lib/cli/table6/checkpoints.ts";
import { mapParams, rng, tensorScope, UsageError } from "../../lib/core/mod.ts";
import { networkTargets, openModel } from "../../lib/experiment/models/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { createLora } from "../../lib/nn/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close, tensorTest } from "../support.ts";

for (const backbone of ["flux", "sd15", "sdxl"] as const) {
  tensorTest(
    `openModel() takes ${backbone} with an adapter for the condition in its weights as it takes both`,
    async () => {
      await inFolder(async (folder) => {
        using scope = tensorScope();
        const [checkpoint, merged] = ["published", "merged"].map((name) => join(folder, name));
        await writeTinyCheckpoint(backbone, checkpoint);
        const targets = await networkTargets({ backbone, checkpoint, conditioning: "channel" });
        const { params, ...scale } = createLora(targets, { rank: 2, alpha: 2, rng: rng(0, "adapter") });
        scope.own(params);
        const adapter = { ...scale, params: scope.own(mapParams(params, (factor) => factor.add(0.05))) };
        await mergeInto(
          checkpoint,
          adapter,
          backbone === "flux" ? "transformer" : "unet",
          merged,
          {},
        );
        assertEquals(await networkTargets({ backbone, checkpoint: merged }), targets);

        using apart = await openModel({ backbone, checkpoint, conditioning: "channel", dtype: "f32" });
        using whole = await openModel({ backbone, checkpoint: merged, dtype: "f32" }); // on the channels without being told
        const [x, c] = [1, 2].map((seed) =>
          scope.own(tf.randomNormal([1, 4, 4, apart.codec.channels], 0, 1, "float32", seed))
        );
        const t = scope.own(tf.tensor1d([0.4]));
        const of = (model: typeof apart, adapters: typeof adapter[]) =>
          scope.own(model.backbone.velocity(model.params, adapters)(x as tf.Tensor4D, t, c as tf.Tensor4D));
        const [both, one, base] = [of(apart, [adapter]), of(whole, []), of(apart, [])];
        close(one, both, { absolute: 2e-4, relative: 1e-4 });
        assert(tf.tidy(() => one.sub(base).abs().max().dataSync()[0]) > 0.01, "the adapter changes nothing");
        if (backbone !== "flux") return;
        const token = () => openModel({ backbone, checkpoint: merged, conditioning: "token", dtype: "f32" });
        await assertRejects(token, UsageError, "they take the condition on the channels");
      });
    },
  );
}
