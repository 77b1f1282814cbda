import { assertEquals, assertThrows } from "@std/assert";
import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf, trace } from "../../lib/engine/mod.ts";
import {
  decodeLatents,
  decoderStages,
  decodeTiles,
  encodeImages,
  encoderStages,
  encodeTiles,
  pixelAttention,
  sampleLatents,
  scaleLatents,
  unscaleLatents,
} from "../../lib/backbones/mod.ts";
import { resnetBlock } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { tinyAutoencoders, withAutoencoder } from "./autoencoder_fixture.ts";

// Goldens: diffusers 0.42.1 on PyTorch 2.15.0, float32.
const TOLERANCE = 5e-5;

for (const name of tinyAutoencoders) {
  tensorTest(`encodeImages() and sampleLatents() equal diffusers on ${name}`, async () => {
    await withAutoencoder(name, ({ config, params }, io) => {
      const posterior = encodeImages(config, params, io["in.image"]);
      close(posterior.mean, io["out.mean"], TOLERANCE);
      close(posterior.logvar, io["out.logvar"], TOLERANCE);
      const z = sampleLatents(posterior, io["in.eps"]);
      close(z, io["out.sample"], TOLERANCE);
      close(scaleLatents(config, z), io["out.latent"], TOLERANCE);
    });
  });

  tensorTest(`decodeLatents() equals diffusers on ${name}`, async () => {
    await withAutoencoder(name, ({ config, params }, io) => {
      const z = unscaleLatents(config, io["out.latent"]);
      close(z, io["out.sample"], TOLERANCE);
      close(decodeLatents(config, params, z), io["out.decoded"], TOLERANCE);
      close(decodeLatents(config, params, io["in.big_latent"]), io["out.untiled_decoded"], TOLERANCE);
    });
  });

  tensorTest(`the parts of both ways equal diffusers on ${name}`, async () => {
    await withAutoencoder(name, ({ config, params }, io) => {
      const left = new Set(Object.keys(io).filter((name) => name.startsWith("act.")));
      left.delete("act.decoder.conv_norm_out"); // the norm alone, which no function gives
      const compare = (module: string, maps: tf.Tensor4D) => {
        if (left.delete(`act.${module}`)) close(maps, io[`act.${module}`], TOLERANCE);
      };
      const walk = (stages: ReturnType<typeof encoderStages>, x: tf.Tensor4D) =>
        stages.forEach(({ name, apply }) => {
          if (name === "encoder.down_blocks.0") {
            const block = `${name}.resnets.0`;
            compare(block, resnetBlock(params, block, x, { groups: config.groups, epsilon: 1e-6 }));
          }
          if (name === "encoder.mid_block") {
            const first = resnetBlock(params, `${name}.resnets.0`, x, { groups: config.groups, epsilon: 1e-6 });
            compare(`${name}.attentions.0`, pixelAttention(config, params, `${name}.attentions.0`, first));
          }
          x = apply(x);
          compare(name.replace(/\.conv_out$/, ""), x);
        });
      walk(encoderStages(config, params), io["in.image"]);
      walk(decoderStages(config, params), io["out.sample"]);
      assertEquals([...left], []);
    });
  });

  tensorTest(`encodeTiles() and decodeTiles() equal diffusers on ${name}`, async () => {
    await withAutoencoder(name, ({ config, params }, io) => {
      close(decodeTiles(config, params, io["in.big_latent"], 32), io["out.tiled_decoded"], TOLERANCE);
      close(encodeTiles(config, params, io["in.big_image"], 32).mean, io["out.tiled_mean"], TOLERANCE);
      close(decodeTiles(config, params, io["in.big_latent"], 80), io["out.untiled_decoded"], TOLERANCE); // one tile
    });
  });

  for (const way of ["encodeImages", "decodeLatents", "encodeTiles", "decodeTiles"] as const) {
    tensorTest(`${way}() has the input gradient of finite differences on ${name}`, async () => {
      await withAutoencoder(name, ({ config, params }, io) => {
        const functions = {
          encodeImages: (x: tf.Tensor4D) => Object.values(encodeImages(config, params, x)),
          decodeLatents: (x: tf.Tensor4D) => [decodeLatents(config, params, x)],
          encodeTiles: (x: tf.Tensor4D) => Object.values(encodeTiles(config, params, x, 16)),
          decodeTiles: (x: tf.Tensor4D) => [decodeTiles(config, params, x, 16)],
        };
        const random = rng(4, way);
        const x = io[way.startsWith("encode") ? "in.image" : "out.sample"];
        const run = functions[way], upstream = run(x).map((y) => normalTensor(random, y.shape));
        const loss = (x: tf.Tensor) =>
          tf.addN(run(x as tf.Tensor4D).map((y, i) => y.mul(upstream[i]).sum())).div(upstream[0].size).asScalar();
        const gradient = tf.grad(loss)(x);
        const steepest = gradient.mul(gradient.square().mean().rsqrt()), step = 2e-3;
        for (const direction of [steepest, normalTensor(random, x.shape)]) {
          const at = (by: number) => loss(x.add(direction.mul(by))).dataSync()[0];
          const slope = (at(step) - at(-step)) / (2 * step);
          close(gradient.mul(direction).sum().asScalar(), slope, { absolute: 5e-5, relative: 1e-3 });
        }
      });
    });
  }
}

tensorTest("encodeImages() and decodeLatents() are the same traced and eager", async () => {
  await withAutoencoder("vae_flux_tiny", async ({ config, params }, io) => {
    const forth = trace((x: tf.Tensor4D) => ({ ...encodeImages(config, params, x) }));
    const back = trace((z: tf.Tensor4D) => decodeTiles(config, params, z, 32));
    const { mean, logvar } = await forth(io["in.image"]), tiled = await back(io["in.big_latent"]);
    close(mean, io["out.mean"], TOLERANCE);
    close(logvar, io["out.logvar"], TOLERANCE);
    close(tiled, io["out.tiled_decoded"], TOLERANCE);
    tf.dispose([mean, logvar, tiled]);
    forth.dispose();
    back.dispose();
  });
});

tensorTest("encodeImages() refuses sides that do not fit, and encodeTiles() a tile that does not", async () => {
  await withAutoencoder("vae_flux_tiny", ({ config, params }) => {
    const image = tf.zeros<tf.Rank.R4>([1, 32, 34, 3]);
    assertThrows(() => encodeImages(config, params, image), RangeError, "multiples of 4: current value is 34 x 32");
    for (const tile of [24, 0, -16, 8, NaN]) {
      assertThrows(
        () => encodeTiles(config, params, image, tile),
        RangeError,
        `multiple of 16: current value is ${tile}`,
      );
    }
    assertThrows(() => decodeLatents(config, params, image), RangeError, "axis 3 (16) must be 16");
  });
});
