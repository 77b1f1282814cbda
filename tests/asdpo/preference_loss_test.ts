import { assert, assertThrows } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import { preferenceLoss } from "../../lib/asdpo/mod.ts";
import { close, goldenPath, tensorTest } from "../support.ts";

/** Made by PyTorch 2.15 in float64; see the fixtures' README. Energies of winner and loser under model and reference. */
interface GoldenCase {
  readonly beta: number;
  readonly model_w: number[];
  readonly model_l: number[];
  readonly ref_w: number[];
  readonly ref_l: number[];
  readonly paper: GoldenForm;
  readonly diffusers: GoldenForm;
}

interface GoldenForm {
  readonly inside: number[];
  readonly loss: number;
  readonly implicit_acc: number;
  readonly grad_model_w: number[];
  readonly grad_model_l: number[];
}

const { cases }: { cases: GoldenCase[] } = JSON.parse(Deno.readTextFileSync(goldenPath("dpo/dpo_loss.json")));

// The form of diffusers' scripts is that of the paper with half of beta.
for (const [form, factor] of [["paper", 1], ["diffusers", 0.5]] as const) {
  cases.forEach((golden, index) => {
    const name = `preferenceLoss() equals PyTorch in the form of ${form}, beta ${golden.beta}, case ${index} (Eq. 18)`;
    tensorTest(name, () => {
      const { inside, loss, implicit_acc, grad_model_w, grad_model_l } = golden[form];
      const beta = golden.beta * factor;
      const [modelW, modelL, refW, refL] = [golden.model_w, golden.model_l, golden.ref_w, golden.ref_l].map((x) =>
        tf.tensor1d(x)
      );
      const of = (w: tf.Tensor, l: tf.Tensor) => preferenceLoss(w.sub(refW), l.sub(refL), { beta });
      const found = of(modelW, modelL);
      close(found.inside, inside, { relative: 1e-6 });
      close(found.loss, loss, { relative: 1e-6 });
      close(found.accuracy, implicit_acc, 1e-6);
      const [gradW, gradL] = tf.grads((w, l) => of(w, l).loss)([modelW, modelL]);
      close(gradW, grad_model_w, { relative: 1e-5 });
      close(gradL, grad_model_l, { relative: 1e-5 });
    });
  });
}

tensorTest("preferenceLoss() of no gaps is ln 2, with a gradient of -beta / 2", () => {
  const [winner, loser] = [tf.zeros<tf.Rank.R1>([4]), tf.zeros<tf.Rank.R1>([4])];
  const { loss, accuracy } = preferenceLoss(winner, loser, { beta: 2000 });
  close(loss, Math.LN2, 6e-8);
  close(accuracy, 0.5, 0);
  const slope = tf.grad((gap) => preferenceLoss(winner, gap as tf.Tensor1D, { beta: 2000 }).loss)(loser);
  close(slope, tf.fill([4], -1000 / 4), 1e-4);
});

tensorTest("preferenceLoss() stays finite where the sigmoid saturates", () => {
  const winner = tf.tensor1d([1e3, -1e3]), loser = tf.tensor1d([0, 0]);
  const { loss } = preferenceLoss(winner, loser, { beta: 2000 });
  close(loss, 1e6, { relative: 1e-6 });
  const slope = tf.grad((w) => preferenceLoss(w as tf.Tensor1D, loser, { beta: 2000 }).loss)(winner);
  close(slope, [1000, 0], 1e-3);
});

tensorTest("preferenceLoss() takes the mean outside the logarithm", () => {
  const winner = tf.tensor1d([1, -1]), loser = tf.tensor1d([0, 0]);
  close(preferenceLoss(winner, loser, { beta: 1 }).loss, (Math.log1p(Math.E) + Math.log1p(1 / Math.E)) / 2, 1e-6);
});

tensorTest("preferenceLoss() counts the loser by rho", () => {
  const winner = tf.tensor1d([0.2, 0.1]), loser = tf.tensor1d([0.5, 0.4]);
  close(preferenceLoss(winner, loser, { beta: 10, rho: 0.5 }).inside, [0.5, 1], 1e-5);
  close(preferenceLoss(winner, loser, { beta: 10 }).inside, [3, 3], 1e-5);
});

tensorTest("preferenceLoss() refuses a beta or rho out of range", () => {
  const gap = tf.tensor1d([0]);
  for (const beta of [0, -1, NaN]) assertThrows(() => preferenceLoss(gap, gap, { beta }), RangeError, "beta");
  for (const rho of [-0.1, 1.1, NaN]) assertThrows(() => preferenceLoss(gap, gap, { beta: 1, rho }), RangeError, "rho");
  assertThrows(() => preferenceLoss(gap, tf.tensor1d([0, 1]), { beta: 1 }), RangeError);
  assert(preferenceLoss(gap, gap, { beta: 1, rho: 0 }).loss.dataSync()[0] > 0);
});
