import {
  closedFormPerturbation,
  energyGradient,
  freeAdversary,
  onSphere,
  type SobolevBall,
  sobolevCosine,
} from "../../adversary/mod.ts";
import { disposeParams, readJson, rng, tensorScope, uploadParams, writeJson } from "../../core/mod.ts";
import { tf } from "../../engine/mod.ts";
import { applySigma, applySigmaInverseRoot, sobolevInner } from "../../sobolev/mod.ts";
import { join } from "node:path";
import type { RunEvent } from "../events.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { RunContext } from "../stages/context.ts";
import { type SftOutput, sftStage } from "../stages/sft.ts";
import type { Finding } from "../measurement.ts";
import type { Measurement } from "./measure.ts";
import { meanOverSeeds, rangeText, verdictOf } from "./seeds.ts";
import { energyOf, heldOutStates, meanOf, type Target, targets } from "./states.ts";

/** Radii of the ball, of the least nearly linear. */
const RADII = [0.03, 0.3, 3];
/** Held-out crops. */
const CROPS = 32;
/** The paper's index, in radians: raw weights over integer indices would leave low frequencies alone. */
const METRIC = { s: 1.5, unit: "rad" } as const;

/** What is measured at one radius with one reading of the target; means over the crops. */
interface Row {
  readonly [name: string]: number;
  /** H^s norm of the closed form over the radius: 1 by Prop. 4.1. */
  readonly norm: number;
  /** Change of energy by the closed form: to first order, and as it is. */
  readonly predicted: number;
  readonly actual: number;
  /** Change by the steepest Euclidean direction, and by a random one, of the same H^s norm. */
  readonly euclidean: number;
  readonly random: number;
  /** Change by a free descent on the ball, and its cosine with the closed form in H^s. */
  readonly free: number;
  readonly cosine: number;
}

/** Measures Prop. 4.1 on the trained reference of every seed: the closed form against other directions and a free descent. */
export async function* measureClosedForm(context: RunContext): AsyncGenerator<RunEvent, Measurement> {
  const { settings: { seeds }, store } = context;
  store.progress.count = 2 * seeds.length;
  const measured: Record<string, Row>[] = [];
  for (const seed of seeds) {
    const reference = yield* sftStage(context, seed);
    measured.push((yield* closedFormStage(context, seed, reference)).value);
  }
  const keys = targets.flatMap((target) => RADII.map((epsilon) => ({ target, epsilon, key: keyOf(target, epsilon) })));
  const of = (key: string, name: string) => measured.map((rows) => rows[key][name]);
  return {
    tables: [{
      caption:
        `Closed form of Eq. 19 on ${CROPS} held-out crops, s = 1.5 (radians), mean over crops and ${seeds.length} ` +
        "references; dJ is the change of the residual energy.",
      columns: [
        "target",
        "epsilon",
        "norm / epsilon",
        "dJ, first order",
        "dJ",
        "dJ, Euclidean direction",
        "dJ, random direction",
        "dJ, free descent",
        "cosine of free descent",
      ],
      rows: keys.map(({ target, epsilon, key }) => [
        target,
        epsilon,
        ...["norm", "predicted", "actual", "euclidean", "random", "free", "cosine"].map((name) =>
          meanOverSeeds(of(key, name))
        ),
      ]),
    }],
    findings: targets.flatMap((target) => findingsAt(measured.map((rows) => rows[keyOf(target, RADII[0])]), target)),
  };
}

/** The statements at the smallest ball, where the first order should hold, for one reading of the target. */
function findingsAt(rows: readonly Row[], target: string): Finding[] {
  const ratio = rows.map(({ actual, predicted }) => actual / predicted);
  const gain = rows.map(({ actual, euclidean }) => actual / euclidean);
  // Falls are negative: how much less than the closed form's the better of the two other directions gives.
  const lead = rows.map(({ actual, euclidean, random }) => Math.min(euclidean, random) - actual);
  const cosine = rows.map((row) => row.cosine), where = `${target} target, epsilon ${RADII[0]}`;
  return [
    {
      statement: `Prop. 4.1: the energy falls as its first-order form says, within 5 % (${where})`,
      measured: `dJ over its first-order form ${rangeText(ratio)}`,
      verdict: verdictOf(ratio, (x) => Math.abs(x - 1) < 0.05),
    },
    {
      statement:
        `Prop. 4.1: the closed form lowers the energy more than the Euclidean gradient's direction and a random one of the same H^s norm (${where})`,
      measured: `${rangeText(gain)} times the fall along the Euclidean gradient`,
      verdict: verdictOf(lead, (x) => x > 0),
    },
    {
      statement:
        `Prop. 4.2, free form: an unconstrained adversary converges to the closed form, cosine above 0.99 (${where})`,
      measured: `cosine in H^s ${rangeText(cosine)}`,
      verdict: verdictOf(cosine, (x) => x > 0.99),
    },
  ];
}

function closedFormStage(
  context: RunContext,
  seed: number,
  reference: StageResult<SftOutput>,
): AsyncGenerator<RunEvent, StageResult<Record<string, Row>>> {
  const label = `closed form, seed ${seed}`;
  return runStage(context.store, {
    name: "closed-form",
    label,
    inputs: { reference: reference.hash, test: context.testHash, crops: CROPS, radii: RADII, metric: METRIC, seed },
    async *compute(folder) {
      const params = uploadParams(reference.value.params);
      const rows: Record<string, Row> = {};
      try {
        for (const target of targets) {
          for (const epsilon of RADII) {
            rows[keyOf(target, epsilon)] = await measureAt(context, seed, params, target, { epsilon, ...METRIC });
            const step = Object.keys(rows).length;
            yield { kind: "step", label, step, steps: targets.length * RADII.length, numbers: {} };
          }
        }
      } finally {
        disposeParams(params);
      }
      await writeJson(join(folder, "rows.json"), rows);
    },
    load: async (folder) => await readJson(join(folder, "rows.json")) as Record<string, Row>,
  });
}

async function measureAt(
  context: RunContext,
  seed: number,
  params: ReturnType<typeof uploadParams>,
  target: Target,
  ball: SobolevBall,
): Promise<Row> {
  using scope = tensorScope();
  const states = heldOutStates(context, seed, CROPS, scope), { xt } = states, { epsilon, s, unit } = ball;
  const energy = energyOf(context.backbone.velocity(params), states, target);
  const gradient = scope.own(energyGradient(energy, xt));
  const delta = scope.own(closedFormPerturbation(gradient, ball));
  const free = scope.own(await freeAdversary(energy, xt, { ...ball, signal: context.signal }));
  const noise = rng(seed, "random-direction").normals(xt.size);
  const random = scope.own(onSphere(scope.own(tf.tensor4d(noise, xt.shape)), ball));
  // -Sigma^-1/2 g in whitened coordinates is -g in pixels: the Euclidean direction at the same H^s norm.
  const euclidean = scope.own(onSphere(scope.own(applySigmaInverseRoot(scope.own(gradient.neg()), s, { unit })), ball));
  const change = (by: tf.Tensor4D) => meanOf(tf.tidy(() => energy(xt.add(by)).sub(energy(xt))));
  return {
    norm: await meanOf(tf.tidy(() => sobolevInner(delta, delta, s, { unit }).sqrt().div(epsilon))),
    predicted: await meanOf(
      tf.tidy(() => gradient.mul(applySigma(gradient, s, { unit })).sum([1, 2, 3]).sqrt().mul(-epsilon)),
    ),
    actual: await change(delta),
    euclidean: await change(euclidean),
    random: await change(random),
    free: await change(free),
    cosine: await meanOf(sobolevCosine(free, delta, s, unit)),
  };
}

function keyOf(target: Target, epsilon: number): string {
  return `${target} ${epsilon}`;
}
