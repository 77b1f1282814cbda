import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { table6 } from "../../experiments/mod.ts";
import { runGenerator } from "../../lib/cli/table6/run.ts";
import { inFolder } from "../core/folder.ts";
import { tensorTest } from "../support.ts";

tensorTest("table6 lowers the loss of every stage on the tiny FLUX", async () => {
  await inFolder(async (folder) => {
    const run = runGenerator("flux", join(folder, "flux"), new AbortController().signal);
    let next = await run.next();
    while (!next.done) next = await run.next();
    assertEquals(next.value.map(({ stage }) => stage), ["sft", "adversary", "asdpo"]);
    for (const { stage, first, last } of next.value) assert(last < first, `${stage}: ${first} to ${last}`);
  });
}, { engines: ["native"] });

Deno.test("table6 changes only sizes and rates of the paper's procedure", () => {
  for (const { sobolevIndex, asdpo, sft } of Object.values(table6.settings)) {
    assertEquals([sobolevIndex, asdpo.beta, asdpo.reduction, sft.timeSampling], [1.5, 2000, "mean", "uniform"]);
  }
});
