import { assertEquals, assertRejects } from "@std/assert";
import { DataError, disposeParams, type Params, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { fluxBackbone, type FluxBackboneOptions, streamedFlux } from "../../lib/backbones/mod.ts";
import type { Adapter } from "../../lib/nn/mod.ts";
import {
  fluxLayout,
  hostSource,
  openCheckpoint,
  type Precision,
  readSafetensors,
  type WeightSource,
} from "../../lib/weights/mod.ts";
import { close, goldenPath, newTensors, tensorTest } from "../support.ts";
import { type FluxFixture, tinyConfig, withFlux } from "./flux_fixture.ts";

/** Options and inputs of a field, two samples, which the scope owns. */
function fieldOf({ io, inputs }: FluxFixture, scope: ReturnType<typeof tensorScope>) {
  return scope.own(tf.tidy(() => ({
    context: inputs.encoderHiddenStates.slice(0, 1),
    pooled: inputs.pooledProjections.slice(0, 1),
    xt: io["in.latent"].transpose<tf.Tensor4D>([0, 2, 3, 1]),
    c: io["in.latent"].transpose<tf.Tensor4D>([0, 2, 3, 1]).mul<tf.Tensor4D>(0.5),
    t: tf.tensor1d([0.25, 0.8]),
  })));
}

const cases: [path: string, precision: Precision, where: "disk" | "host", FluxBackboneOptions["conditioning"]][] = [
  ["flux/flux_tiny.safetensors", "float32", "disk", "none"],
  ["flux/flux_tiny_bfl.safetensors", "float32", "disk", "token"],
  ["flux/sharded", "float32", "host", "token"],
  ["flux/flux_tiny_bf16.safetensors", "stored", "disk", "token"],
];

for (const [path, precision, where, conditioning] of cases) {
  tensorTest(
    `streamedFlux() equals the resident network: ${path} ${precision}, from the ${where}, ${conditioning}`,
    async () => {
      await withFlux([], async (fixture) => {
        using scope = tensorScope();
        const { context, pooled, xt, c, t } = fieldOf(fixture, scope);
        const options = { context, pooled, conditioning, guidance: 2 }, adapters = [fixture.sft, fixture.dpo];
        const read = { precision, layout: fluxLayout };
        const params = scope.own((await readSafetensors(goldenPath(path), read)).tensors);
        const resident = scope.own(
          tf.tidy(() => fluxBackbone(tinyConfig, options).velocity(params, adapters)(xt, t, c)),
        );
        using disk = await openCheckpoint(goldenPath(path), read);
        using source = where === "host" ? await hostSource(disk) : disk;
        using streamed = await streamedFlux(tinyConfig, options, source);
        const field = streamed.velocity(adapters);
        close(scope.own(await field(xt, t, c)), resident, { relative: precision === "stored" ? 2e-2 : 1e-6 });
        assertEquals(await newTensors(async () => (await field(xt, t, c)).dispose()), 0);
        // Another alpha is another function.
        const louder: Adapter[] = [{ ...fixture.sft, alpha: 80 }];
        const loud = scope.own(tf.tidy(() => fluxBackbone(tinyConfig, options).velocity(params, louder)(xt, t, c)));
        close(scope.own(await streamed.velocity(louder)(xt, t, c)), loud, {
          relative: precision === "stored" ? 2e-2 : 1e-5,
        });
      });
    },
  );
}

tensorTest(
  "pullback() has the gradients of the resident network, adapters outside of the blocks included",
  async () => {
    await withFlux([], async (fixture) => {
      using scope = tensorScope();
      const { context, pooled, xt, c, t } = fieldOf(fixture, scope);
      const options = { context, pooled, conditioning: "token" as const };
      const extra = scope.own(tf.tidy(() => ({
        "x_embedder.lora_A.weight": tf.linspace(-1, 1, 3 * 64).reshape([3, 64]),
        "x_embedder.lora_B.weight": tf.linspace(1, -1, 3 * 32).reshape([32, 3]),
        "norm_out.linear.lora_A.weight": tf.linspace(-1, 2, 3 * 32).reshape([3, 32]),
        "norm_out.linear.lora_B.weight": tf.linspace(2, -1, 3 * 64).reshape([64, 3]),
      })));
      const top: Adapter = { ...fixture.dpo, params: { ...fixture.dpo.params, ...extra } };
      const names = Object.keys(top.params);
      const expected: Params = scope.own(tf.tidy(() => {
        const loss = (...factors: tf.Tensor[]) => {
          const params = Object.fromEntries(names.map((name, k) => [name, factors[k]]));
          const velocity = fluxBackbone(tinyConfig, options).velocity(fixture.params, [fixture.sft, {
            ...top,
            params,
          }]);
          return velocity(xt, t, c).square().mean();
        };
        const gradients = tf.grads(loss)(names.map((name) => top.params[name]));
        return Object.fromEntries(names.map((name, k) => [name, gradients[k]]));
      }));
      using source = await openCheckpoint(goldenPath("flux/flux_tiny.safetensors"));
      using streamed = await streamedFlux(tinyConfig, options, source);
      using pass = await streamed.differentiable([fixture.sft, top])(xt, t, c);
      const gradient = scope.own(tf.tidy(() => pass.velocity.mul<tf.Tensor4D>(2 / pass.velocity.size)));
      const actual = scope.own(await pass.pullback(gradient));
      assertEquals(Object.keys(actual).sort(), names.toSorted());
      for (const name of names) close(actual[name], expected[name], { relative: 1e-4, absolute: 1e-7 });
      assertEquals(await newTensors(async () => disposeParams(await pass.pullback(gradient))), 0);
    });
  },
);

tensorTest("streamedFlux() refuses other names, and leaves nothing when a block cannot be read", async () => {
  await withFlux([], async (fixture) => {
    using scope = tensorScope();
    const { context, pooled, xt, c, t } = fieldOf(fixture, scope);
    const options = { context, pooled, conditioning: "none" as const };
    using source = await openCheckpoint(goldenPath("flux/flux_tiny.safetensors"));
    const deeper = { ...tinyConfig, singleBlocks: 3 };
    await assertRejects(
      () => streamedFlux(deeper, options, source),
      DataError,
      "missing: single_transformer_blocks.2.",
    );
    const torn: WeightSource = {
      ...source,
      read: (name, into) =>
        name.startsWith("single_transformer_blocks.1")
          ? Promise.reject(new DataError("torn"))
          : source.read(name, into),
    };
    const left = await newTensors(async () => {
      using streamed = await streamedFlux(tinyConfig, options, torn);
      await assertRejects(() => streamed.velocity()(xt, t, c), DataError, "torn");
    });
    assertEquals(left, 0);
  });
});
