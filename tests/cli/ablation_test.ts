import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { everyExperiment, experiments, measurements } from "../../experiments/mod.ts";
import { inFolder } from "../core/folder.ts";
import { nothingHalfWritten, refused } from "./outcomes.ts";
import { ablation, filesBelow, start } from "./process.ts";

const misused: Readonly<Record<string, { readonly args: readonly string[]; readonly reason: string }>> = {
  "an unknown option": { args: ["--seed", "1"], reason: "'--seed'" },
  "an argument that is no option": { args: ["photographs"], reason: "'photographs'" },
  "an option without its value": { args: ["--data"], reason: "'--data <value>'" },
  "an option in place of a value": { args: ["--data", "--test"], reason: "'--data' argument is ambiguous" },
  "an empty value, as of a variable that is not set": { args: ["--data", ""], reason: "--data as it needs a value" },
  "an unknown arm": { args: ["--arms", "sobolev"], reason: "sobolev-asdpo, " },
  "an unknown preset": { args: ["--preset", "large"], reason: "smoke, small, paper: current value is large" },
  "an unknown experiment": { args: ["--only", "table9"], reason: "grids: current value is table9" },
  "an unknown engine": { args: ["--engine", "tpu"], reason: "auto, cpu, gpu, wasm: current value is tpu" },
  "--all with --only": { args: ["--all", "--only", "table3"], reason: "--only names experiments" },
  "a seed that is no whole number": { args: ["--seeds", "0,x"], reason: "current value is x" },
  "--test without --data": { args: ["--test", "photographs"], reason: "--test needs --data" },
};

for (const [what, { args, reason }] of Object.entries(misused)) {
  Deno.test(`deno task ablation refuses ${what} (64)`, () =>
    inFolder(async (folder) => {
      const outcome = await ablation("--out", join(folder, "runs"), ...args);
      refused(outcome, 64, reason);
      assertEquals([outcome.stdout, await filesBelow(folder)], ["", []]);
    }));
}

Deno.test("deno task ablation --help explains every option", async () => {
  const { code, stdout, stderr } = await ablation("--help");
  assertEquals([code, stderr], [0, []]);
  assert(stdout.startsWith("Usage: deno task ablation"), stdout);
  for (
    const name of [
      "only",
      "all",
      "keep-cells",
      "fresh",
      "preset",
      "data",
      "test",
      "arms",
      "seeds",
      "out",
      "engine",
      "list",
      "help",
    ]
  ) {
    assert(stdout.includes(`\n  --${name} `), name);
  }
});

Deno.test("deno task ablation --list names every experiment and arm", async () => {
  const { code, stdout, stderr } = await ablation("--list");
  assertEquals([code, stderr], [0, []]);
  for (const { name, title, claim, cost, command } of Object.values(everyExperiment)) {
    for (const text of [`${name}  ${title}\n`, claim, cost, command]) assert(stdout.includes(text), text);
  }
  assert(stdout.includes("results  experiments/table3/results.json: preset small, 3 seeds"), stdout);
  for (const { arms } of Object.values(experiments)) {
    for (const [id, { label }] of Object.entries(arms)) assert(new RegExp(`^  ${id} +\\S`, "m").test(stdout), label);
  }
});

Deno.test("deno task ablation --only table7 says what it needs, without failing and without an engine", async () => {
  const { code, stdout, stderr } = await ablation("--only", "table7,fig8");
  assertEquals([code, stderr], [0, []]);
  for (const part of ["not run: needs RealLQ250", "task evaluate --sr", "DreamClear", "not run: needs raters"]) {
    assert(stdout.includes(part), stdout);
  }
  assert(!stdout.includes("TensorFlow"), stdout);
});

Deno.test("deno task ablation takes no --arms where nothing has any (64)", async () => {
  refused(await ablation("--only", "prop41,table7", "--arms", "sft"), 64, "none of prop41, table7 has any");
});

Deno.test("deno task ablation --preset paper prints what it would take and refuses (78)", () =>
  inFolder(async (folder) => {
    const outcome = await ablation("--preset", "paper", "--out", join(folder, "runs"));
    refused(outcome, 78, "the weights of FLUX.1-dev");
    for (const part of ["LoRA rank 16", "beta 2000", "warm-up 200 steps", "512 images a step", "PFLOP", "memory:"]) {
      assert(outcome.stdout.includes(part), part);
    }
    assertEquals(await filesBelow(folder), []);
  }));

for (const name of Object.keys(measurements)) {
  Deno.test(`deno task ablation --only ${name} --preset paper is refused before data is prepared (78)`, () =>
    inFolder(async (folder) => {
      const outcome = await ablation("--only", name, "--preset", "paper", "--out", join(folder, "runs"));
      refused(outcome, 78, "the weights of FLUX.1-dev");
      assert(outcome.stdout.startsWith(`${measurements[name].title}, paper preset (validated):`), outcome.stdout);
      assertEquals(await filesBelow(folder), []);
    }));
}

Deno.test("deno task ablation --engine cpu where TensorFlow cannot be had is refused (69)", () =>
  inFolder(async (folder) => {
    const { HOME, DENO_DIR, XDG_CACHE_HOME } = Deno.env.toObject();
    const kept = Object.entries({ HOME, DENO_DIR, XDG_CACHE_HOME }).filter(([, value]) => value !== undefined);
    const env = { ...Object.fromEntries(kept), PATH: "", ASASR_CACHE: join(folder, "cache"), NO_COLOR: "1" };
    const args = ["--engine", "cpu", "--out", join(folder, "runs")];
    const outcome = await start("lib/cli/ablation.ts", args, { clearEnv: true, env }).outcome;
    refused(outcome, 69, "Python");
    await nothingHalfWritten(folder);
  }));

Deno.test("deno task ablation --out below a file is refused (74)", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "notes"), "a file");
    refused(await ablation("--engine", "wasm", "--out", join(folder, "notes", "runs")), 74, join(folder, "notes"));
    assertEquals(await Deno.readTextFile(join(folder, "notes")), "a file");
  }));
