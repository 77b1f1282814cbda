import { assert, assertEquals, assertThrows } from "@std/assert";
import { experiments } from "../../experiments/mod.ts";
import { RefusedError, UsageError } from "../../lib/core/mod.ts";
import {
  estimatePaperRun,
  type ExperimentConfig,
  type PresetName,
  presets,
  refusePaperPreset,
  resolveExperiment,
  type SettingsInput,
} from "../../lib/experiment/mod.ts";
import { settingsSchema } from "../../lib/experiment/schema/mod.ts";

const names = Object.keys(presets) as PresetName[];

Deno.test("settingsSchema defaults to the paper's values (App. C.1)", () => {
  const { alignment, adversary, lora, evaluation, data, backbone } = settingsSchema.parse({});
  assertEquals([alignment.beta, alignment.learningRate, alignment.warmup, alignment.rho], [2000, 1e-5, 200, 1]);
  assertEquals(alignment.batchSize * alignment.accumulation * 8, 512);
  assertEquals(adversary.learningRate, 5e-5);
  assertEquals([lora.rank, lora.alpha, evaluation.steps, data.size, data.scale], [16, 16, 28, 1024, 4]);
  assertEquals([data.degradation, backbone.kind], ["hard", "flux"]);
});

Deno.test("settingsSchema rejects keys that do not exist", () => {
  assert(!settingsSchema.safeParse({ alignment: { betta: 1 } }).success);
  assert(!settingsSchema.safeParse({ aligment: {} }).success);
});

for (const [name, config] of Object.entries(experiments)) {
  Deno.test(`${name} resolves under every preset, with all its arms`, () => {
    assertEquals(config.name, name);
    for (const preset of names) {
      const { arms, settings } = resolveExperiment(config, preset);
      assertEquals(Object.keys(arms), Object.keys(config.arms));
      // The search only chooses: two backbones, so that three of the final five took no part in it.
      assert(settings.seeds.length >= (preset === "smoke" ? 1 : name === "frontier-search" ? 2 : 3));
    }
  });

  Deno.test(`${name} names only arms that it has`, () => {
    const known = (id: string) => id in config.arms || /^sft(-mix)?@/.test(id);
    for (const { better, worse } of config.claims) assert(known(better) && known(worse), `${better} or ${worse}`);
    for (const control of config.controls) assert(known(control), control);
    for (const table of config.paperTables) {
      for (const row of table.rows) {
        assert(known(row.arm), row.arm);
        assertEquals(row.values.length, table.columns.length);
      }
    }
  });
}

Deno.test("resolveExperiment() merges preset, experiment and command line, later over earlier", () => {
  const settings: SettingsInput = { alignment: { steps: 7 } };
  const config: ExperimentConfig = { ...experiments.table3, settings };
  const resolved = resolveExperiment(config, "smoke", { seeds: [3], data: ["photos"], arms: ["sobolev-asdpo"] });
  assertEquals(resolved.settings.alignment.steps, 7);
  assertEquals(resolved.settings.alignment.rho, 0.5);
  assertEquals([resolved.settings.seeds, resolved.settings.data.train], [[3], ["photos"]]);
  assertEquals(Object.keys(resolved.arms), ["sft", "sobolev-asdpo"]);
});

Deno.test("resolveExperiment() names an unknown arm and an unknown key", () => {
  assertThrows(
    () => resolveExperiment(experiments.table3, "smoke", { arms: ["sobolev"] }),
    UsageError,
    "sobolev-asdpo",
  );
  const config = { ...experiments.table3, settings: { sft: { stepz: 3 } } as SettingsInput };
  assertThrows(() => resolveExperiment(config, "smoke"), UsageError, "stepz");
});

Deno.test("estimatePaperRun() counts the work of FLUX.1-dev as the specification does", () => {
  const settings = settingsSchema.parse({});
  const estimate = estimatePaperRun(settings);
  // 1024 px with the condition as tokens: 512 + 2 x 4096 tokens, 165 TFLOP a forward, 4.63 PFLOP in 28 steps.
  assertEquals(estimate.tokens, 8704);
  assert(Math.abs(estimate.forwardTflop - 165) < 1, String(estimate.forwardTflop));
  assert(Math.abs(estimate.imagePflop - 4.63) < 0.02, String(estimate.imagePflop));
});

Deno.test("refusePaperPreset() prints the settings and refuses for want of weights", () => {
  const lines: string[] = [];
  assertThrows(
    () => refusePaperPreset(resolveExperiment(experiments.table3, "paper"), (line) => lines.push(line)),
    RefusedError,
    "FLUX.1-dev",
  );
  assert(lines.some((line) => line.includes("beta 2000")) && lines.some((line) => line.includes("memory:")));
});
