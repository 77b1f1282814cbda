import { assertEquals } from "@std/assert";
import type { Params } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  type AdamWOptions,
  clipByNorm,
  createTrainState,
  type Decay,
  disposeTrainState,
  globalNorm,
  scheduleFactor,
  train,
} from "../../lib/optim/mod.ts";
import { fixtureArray, readFixture } from "../fixture.ts";
import { close, goldenPath, tensorTest } from "../support.ts";

// Runs of torch.optim.AdamW, clip_grad_norm_ and diffusers' get_scheduler: PyTorch 2.15.0, diffusers 0.42.1, float32.
interface Run {
  hyper: {
    betas: [number, number];
    eps: number;
    lr: number;
    lr_scheduler: string;
    max_grad_norm: number | null;
    total_steps: number;
    warmup: number;
    weight_decay: number;
  };
  log: { grad_norm: number; loss: number; lr_used: number; step: number }[];
}

const runs: Record<string, Run> = readJson("optim/optim.json").runs;
const schedules: Record<string, Record<string, number>> = readJson("optim/lr_schedules.json");
const decays: Record<string, Decay> = {
  constant: "constant",
  constant_with_warmup: "constant",
  linear: "linear",
  cosine: "cosine",
};
const names = ["a", "b"];
const tolerance = 5e-6;

for (const [name, { hyper, log }] of Object.entries(runs)) {
  const arrays = readFixture(goldenPath(`optim/${name}.safetensors`));
  const tensorOf = (key: string): tf.Tensor => {
    const { shape, data } = fixtureArray(arrays, key);
    return tf.tensor(Float32Array.from(data), [...shape]);
  };
  const paramsOf = (prefix: string): Params =>
    Object.fromEntries(names.map((param) => [param, tensorOf(`${prefix}.${param}`)]));
  const optimizer: AdamWOptions = {
    learningRate: hyper.lr,
    betas: hyper.betas,
    epsilon: hyper.eps,
    weightDecay: hyper.weight_decay,
    warmup: hyper.warmup,
    decay: decays[hyper.lr_scheduler],
    clipNorm: hyper.max_grad_norm,
  };

  tensorTest(`train() follows torch.optim.AdamW (${name})`, async () => {
    const init = paramsOf("init"), state = createTrainState(init);
    const problem = {
      batch: () => ({ X: tensorOf("in.X") as tf.Tensor2D, Y: tensorOf("in.Y") }),
      loss: ({ a, b }: Params, { X, Y }: { X: tf.Tensor2D; Y: tf.Tensor }) => ({
        loss: tf.matMul(X, a as tf.Tensor2D).add(b).tanh().sub(Y).square().sum<tf.Scalar>(),
      }),
    };
    for await (const report of train({ state, optimizer, steps: hyper.total_steps, ...problem })) {
      const { loss, grad_norm, lr_used, step } = log[report.step - 1];
      close(report.loss, loss, { relative: 1e-6 });
      close(report.gradientNorm, grad_norm, { relative: 1e-6 });
      close(report.learningRate, lr_used, 1e-15);
      const stored = { param: state.params, exp_avg: state.m, exp_avg_sq: state.v };
      for (const [key, params] of Object.entries(stored)) {
        for (const param of names) {
          const expected = fixtureArray(arrays, `step${step}.${key}.${param}`).data;
          close(params[param].dataSync(), expected, { absolute: tolerance, relative: 1e-6 });
        }
      }
    }
    assertEquals(state.step, hyper.total_steps);
    tf.dispose(init);
    disposeTrainState(state);
  });

  tensorTest(`globalNorm() and clipByNorm() equal torch.nn.utils.clip_grad_norm_ (${name})`, () => {
    for (const { step, grad_norm } of log) {
      const gradients = paramsOf(`step${step}.grad`), norm = globalNorm(gradients);
      close(norm, grad_norm, { relative: 1e-6 });
      const clipped = clipByNorm(gradients, norm, hyper.max_grad_norm);
      for (const param of names) close(clipped[param], tensorOf(`step${step}.clipped.${param}`), { relative: 1e-6 });
    }
  });
}

for (const [name, factors] of Object.entries(schedules)) {
  Deno.test(`scheduleFactor() equals diffusers' get_scheduler (${name})`, () => {
    const [, kind, warmup, steps] = name.match(/^(\w+)\/warmup(\d+)\/total(\d+)$/)!;
    const schedule = { decay: decays[kind], warmup: Number(warmup), steps: Number(steps), floor: 0 };
    for (const [step, factor] of Object.entries(factors)) close(scheduleFactor(Number(step), schedule), factor, 1e-12);
  });
}

Deno.test("scheduleFactor() ends a decay at its floor", () => {
  for (const decay of ["linear", "cosine"] as const) {
    const schedule = { decay, warmup: 2, steps: 10, floor: 0.1 };
    close([0, 1, 2, 10, 99].map((step) => scheduleFactor(step, schedule)), [0, 0.5, 1, 0.1, 0.1], 1e-12);
    close(scheduleFactor(6, schedule), 0.55, 1e-12);
  }
});

// deno-lint-ignore no-explicit-any
function readJson(name: string): any {
  return JSON.parse(Deno.readTextFileSync(goldenPath(name)));
}
