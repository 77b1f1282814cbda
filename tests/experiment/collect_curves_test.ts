import { assertEquals } from "@std/assert";
import type { Arm, ResultCell } from "../../lib/experiment/mod.ts";
import { resolveExperiment } from "../../lib/experiment/mod.ts";
import { collectCurves } from "../../lib/experiment/collect_curves.ts";
import { experiments } from "../../experiments/mod.ts";

const search = experiments["frontier-search"];
const ids = ["sobolev-asdpo", "rollout-own-0", "adversary-rollouts-0", "adversary-rollouts-0.5"];
const arms: Readonly<Record<string, Arm>> = resolveExperiment(search, "smoke", { arms: ids }).arms;

/** A cell with the curves of these roles; `adversary` stands for the network's hash. */
function cell(arm: string, adversary?: string): ResultCell {
  const curve = (role: "sft" | "arm" | "adversary", loss: number) => ({ role, steps: [1], values: { loss: [loss] } });
  return {
    format: 1,
    key: "",
    inputs: {},
    arm,
    seed: 0,
    reference: "r",
    checkpoints: adversary ? { adversary } : {},
    stages: {},
    environment: { engine: "cpu", engineVersion: "2", threads: 2, deno: "2", platform: "p", commit: "c" },
    points: [],
    curves: [
      curve(arm === "controls" ? "sft" : "arm", 1),
      ...(adversary ? [{ ...curve("adversary", adversary.length), rank: 16 }] : []),
    ],
  };
}

Deno.test("collectCurves() gives every adversary once, and keeps two of one rank apart", () => {
  const cells = new Map([
    ["controls", cell("controls")],
    ["sobolev-asdpo", cell("sobolev-asdpo", "a")],
    ["rollout-own-0", cell("rollout-own-0")],
    ["adversary-rollouts-0", cell("adversary-rollouts-0", "bb")],
    ["adversary-rollouts-0.5", cell("adversary-rollouts-0.5", "bb")],
  ]);
  const curves = collectCurves(arms, [{ seed: 0, cells, samples: {} }]);
  const adversaries = curves.filter(({ stage }) => stage === "adversary");
  assertEquals(adversaries.map(({ label, values }) => [label, values.loss]), [
    ["Adversary of rank 16", [1]],
    ["Adversary of rank 16 on rollouts", [2]],
  ]);
  assertEquals(curves.length, 7);
});
