import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Adapter } from "../nn/mod.ts";
import type { Backbone, VelocityField } from "./backbone.ts";
import { fluxForward } from "./flux.ts";
import type { FluxConfig } from "./flux_config.ts";
import { checkConditioning, type FluxBackboneOptions, fluxInputs, fluxName, fluxVelocity } from "./flux_field.ts";
import { countShapes, fluxShapes, fluxTargets } from "./flux_shapes.ts";
import { initTransformer } from "./init.ts";

/**
 * Make a backbone of a FLUX transformer. Its field works on autoencoder latents in place of images, also for the
 * condition; height and width must be even.
 *
 * Here FLUX's conventions end: the field at the paper's time `t` is the negative output at `sigma = 1 - t`.
 *
 * @param config Widths and depths.
 * @param options Text, condition and guidance; the tensors stay the caller's and must outlive the field.
 * @returns A backbone; FLUX.1-dev and a test of two blocks differ in `config` only.
 * @throws {RangeError} If the condition is on the channels and `inChannels` is not twice `outChannels`.
 */
export function fluxBackbone(config: FluxConfig, options: FluxBackboneOptions): Backbone {
  const { checkpointing = false } = options;
  checkConditioning(config, options);
  const shapes = fluxShapes(config);

  const velocity = (params: Params, adapters: readonly Adapter[] = []): VelocityField => (xt, t, c) => {
    return tf.tidy(() => {
      const output = fluxForward(config, params, fluxInputs(config, options, xt, t, c), adapters, { checkpointing });
      return fluxVelocity(config, options, output, xt);
    });
  };
  return {
    name: fluxName(config),
    targets: fluxTargets(config),
    shapes,
    parameterCount: countShapes(shapes),
    init: (seed) => initTransformer(shapes, seed),
    velocity,
  };
}
