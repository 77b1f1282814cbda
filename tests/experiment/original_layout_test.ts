import { assert } from "@std/assert";
import { join } from "node:path";
import { writeTinyCheckpoint } from "../../lib/cli/table6/checkpoints.ts";
import { tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { estimateModel, openModel } from "../../lib/experiment/models/mod.ts";
import { sample } from "../../lib/flow/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close, goldenPath, tensorTest } from "../support.ts";

tensorTest(
  "openModel() takes FLUX's original single file in the place of diffusers' weights, streamed too",
  async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      await writeTinyCheckpoint("flux", folder);
      const options = { backbone: "flux", checkpoint: folder, dtype: "f32" } as const;
      const [x0, c] = [1, 2].map((seed) =>
        scope.own(tf.randomNormal<tf.Rank.R4>([1, 4, 4, 16], 0, 1, "float32", seed))
      );
      const sampled = async (weights: "resident" | "streamed") => {
        using model = await openModel({ ...options, weights });
        const field = model.backbone.velocity(model.params);
        return scope.own(await sample({ field, solver: model.solver, x0, c, times: [0, 0.5, 1] }));
      };
      const expected = await sampled("resident"), [before] = await estimateModel(options, { batch: 1, pixels: 256 });
      const transformer = join(folder, "transformer");
      await Deno.remove(join(transformer, "diffusion_pytorch_model.safetensors"));
      await Deno.copyFile(goldenPath("flux/flux_tiny_bfl.safetensors"), join(transformer, "flux1-dev.safetensors"));
      close(await sampled("resident"), expected, 0);
      close(await sampled("streamed"), expected, 1e-5);
      const [after] = await estimateModel(options, { batch: 1, pixels: 256 });
      assert(after.bytes === before.bytes, `${after.bytes} bytes, not ${before.bytes}`);
    });
  },
);
