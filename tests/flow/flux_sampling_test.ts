import { tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { fluxForward, packLatents, unpackLatents, type VelocityField } from "../../lib/backbones/mod.ts";
import { euler, flowMatchGrid, fluxShift, sample } from "../../lib/flow/mod.ts";
import { closeToFlux, tinyConfig, withFlux } from "../backbones/flux_fixture.ts";
import { close, tensorTest } from "../support.ts";

// Golden: FluxTransformer2DModel and FlowMatchEulerDiscreteScheduler of diffusers 0.42.1 on PyTorch 2.15.0, float32.
tensorTest("euler() follows diffusers' states and outputs through four steps on the tiny FLUX", async () => {
  await withFlux(["flux/flux_tiny_euler_io"], async ({ params, inputs, files: [golden] }) => {
    using scope = tensorScope();
    const guidance = scope.own(tf.fill<tf.Rank.R1>([2], 3.5));
    const field: VelocityField = (xt, t) => {
      const given = { ...inputs, hiddenStates: packLatents(xt), sigma: tf.sub<tf.Tensor1D>(1, t), guidance };
      return unpackLatents(fluxForward(tinyConfig, params, given), 8, 12).neg();
    };
    const times = flowMatchGrid(4, { mu: fluxShift(24) });
    close(times.map((t) => 1 - t), golden["sigmas"], 1e-6);
    const x0 = scope.own(tf.tidy(() => unpackLatents(golden["in.noise"] as tf.Tensor3D, 8, 12)));
    tf.tidy(() => {
      let x: tf.Tensor4D = x0;
      for (let k = 0; k < 4; k++) {
        const t = tf.scalar(times[k]), dt = tf.scalar(times[k + 1] - times[k]);
        closeToFlux(packLatents(field(x, tf.fill<tf.Rank.R1>([2], times[k]), x).neg()), golden[`v.${k}`]);
        x = euler(field, x, t, dt, x);
        closeToFlux(packLatents(x), golden[`x.${k + 1}`]);
      }
    });
    const sampled = scope.own(await sample({ field, x0, c: x0, times }));
    tf.tidy(() => closeToFlux(packLatents(sampled), golden["x.4"]));
  });
});
