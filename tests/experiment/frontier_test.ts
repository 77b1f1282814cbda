import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { experiments } from "../../experiments/mod.ts";
import { StoppedError } from "../../lib/core/mod.ts";
import { frontierPlace, type Offset, type Results, runExperiment } from "../../lib/experiment/mod.ts";
import { countStages } from "../../lib/experiment/plan.ts";
import { inFolder } from "../core/folder.ts";
import { runToEnd, tinyExperiment } from "./tiny.ts";

const search = experiments["frontier-search"];
const arms = ["rollout-refreshed", "rollout-4-steps", "adversary-rollouts-0.5", "distilled-mix-longer"];
const tiny = (some = arms) => tinyExperiment(some, { seeds: [0] }, search);

const values = ({ points }: Results) => points.map(({ id, perSeed }) => [id, perSeed]);

Deno.test("the arms of the frontier run, each on what it is made of, with their mixes", () =>
  inFolder(async (root) => {
    const { results } = await runToEnd(root, tiny());
    const stages = Array.from(Deno.readDirSync(`${root}/stages`), ({ name }) => name.replace(/-[0-9a-f]{16}$/, ""));
    // Two banks of the reference (4 steps; those of the settings), one mixed; no artifacts, no restorer.
    assertEquals(stages.filter((name) => !/^(evaluation|arm)$/.test(name)).sort(), [
      ...["adversary", "mixes", "rollouts", "rollouts", "sft"],
    ]);
    assertEquals(stages.length, countStages(tiny()) - 2); // the bank of the settings counts for every arm that takes it
    for (const arm of arms) {
      const [own] = results.points.filter(({ id }) => id === arm);
      assert(own.perSeed.every(({ values }) => Object.values(values).every(Number.isFinite)), arm);
      const curve = results.curves.find(({ stage }) => stage === arm)!;
      assertEquals(curve.steps.at(-1), arm.includes("refreshed") || arm.includes("longer") ? 18 : 6);
    }
    for await (const { name } of Deno.readDir(`${root}/stages`)) {
      for await (const file of Deno.readDir(`${root}/stages/${name}`)) {
        assert(!file.name.startsWith("bank-"), file.name);
      }
    }
  }));

Deno.test("an arm whose bank the policy refreshes goes on from any step, with the bytes of an uninterrupted run", () =>
  inFolder(async (folder) => {
    const whole = await runToEnd(`${folder}/whole`, tiny(["rollout-refreshed"]), { checkpointSeconds: 0 });
    const longer = await runToEnd(`${folder}/whole`, tiny(["rollout-longer"]));
    assert(JSON.stringify(values(longer.results)[1][1]) !== JSON.stringify(values(whole.results)[1][1]));
    let stops = 0;
    for (let done = false; !done;) {
      const controller = new AbortController();
      const options = { root: `${folder}/pieces`, command: "tiny", signal: controller.signal, checkpointSeconds: 0 };
      const run = runExperiment(tiny(["rollout-refreshed"]), options);
      try {
        let steps = 0, next = await run.next();
        for (; !next.done; next = await run.next()) {
          const { value } = next;
          if (value.kind === "step" && value.label.startsWith("Rollouts, own noise, 3 x") && ++steps === 4) {
            controller.abort();
          }
        }
        assertEquals(values(next.value.results), values(whole.results));
        done = true;
      } catch (error) {
        if (!(error instanceof StoppedError)) throw error;
        stops++;
      }
    }
    assert(stops >= 3, `stopped ${stops} times`);
  }));

Deno.test("the search measures validation crops, the final run test crops", () =>
  inFolder(async (root) => {
    const found = await runToEnd(root, tiny(["sft-continued"]));
    const judged = await runToEnd(root, tinyExperiment(["sft-continued"], { seeds: [0] }, experiments.frontier));
    assertEquals([found.results.testIds.length, judged.results.testIds.length], [4, 6]);
    const known = new Set(found.results.testIds);
    assert(judged.results.testIds.every((id) => !known.has(id)));
  }));

Deno.test("frontierPlace() says on which side of the envelope an arm is resolved", () => {
  const offset = (changed: Partial<Offset>): Offset => ({
    point: "arm",
    frontier: "envelope",
    metric: "psnrDb",
    at: "swd",
    mean: 0.1,
    sd: 0.05,
    low: 0.02,
    high: 0.2,
    pHolm: 0.01,
    perSeed: [0.1],
    outside: 0,
    ...changed,
  });
  const place = (changed: Partial<Offset>) => frontierPlace([offset(changed)], "arm")?.place;
  assertEquals(place({}), "above");
  assertEquals(place({ low: -0.01 }), "not told apart");
  assertEquals(place({ pHolm: 0.06 }), "not told apart");
  assertEquals(place({ low: -0.2, high: -0.01, mean: -0.1 }), "below");
  assertEquals(place({ low: null, high: null }), "unbounded");
  // What holds at few seeds alone is no verdict on the arm.
  assertEquals(place({ perSeed: [0.1, null], outside: 1 }), "outside");
  assertEquals(place({ perSeed: [0.1, 0.1, null, null, null], outside: 3 }), "outside");
  assertEquals(place({ perSeed: [0.1, 0.1, null], outside: 1 }), "above");
  assertEquals(place({ mean: null }), "outside");
  assertEquals(frontierPlace([offset({ frontier: "euler" })], "arm"), null);
  assertEquals(frontierPlace([offset({})], "arm", "hfRatio"), null);
  assertAlmostEquals(frontierPlace([offset({})], "arm")!.offset.mean!, 0.1, 1e-12);
});
