import { hasPeers } from "../../lib/cli/peers/environment.ts";
import { openStep } from "../../lib/cli/bench/ours.ts";
import { startPeer } from "../../lib/cli/bench/peer.ts";
import type { StepName, StepNumbers } from "../../lib/cli/bench/runner.ts";
import { drawWorkload, stepJob } from "../../lib/cli/bench/workload.ts";
import { close, tensorTest } from "../support.ts";

const workload = drawWorkload({ batch: 2, size: 16, width: 48 });
const names: StepName[] = ["sft", "asdpo"];

/** Of each step in turn. Later ones also compare clipping and AdamW; rounding grows from step to step. */
const relative = [1e-4, 1e-3, 1e-3];

let computed: Promise<Record<StepName, StepNumbers[]>> | undefined;

/** What PyTorch computes, in one process for all tests. */
async function askPeer(): Promise<Record<StepName, StepNumbers[]>> {
  await using peer = await startPeer(stepJob(workload, 2), { busy: true });
  const numbers: Record<StepName, StepNumbers[]> = { sft: [], asdpo: [] };
  for (const name of names) {
    const runner = peer.open<StepNumbers>(name);
    for (let step = 0; step < relative.length; step++) numbers[name].push(await runner.run());
  }
  return numbers;
}

if (!hasPeers()) Deno.test.ignore("openStep() trains as PyTorch does: `deno task peers:setup` installs it", () => {});

for (const name of hasPeers() ? names : []) {
  tensorTest(`openStep() trains ${name} as PyTorch does`, async () => {
    const expected = (await (computed ??= askPeer()))[name];
    const runner = openStep(name, workload, true);
    for (const [step, { loss, gradientNorm }] of expected.entries()) {
      const ours = await runner.run();
      close(ours.loss, loss, { relative: relative[step] });
      close(ours.gradientNorm, gradientNorm, { relative: relative[step] });
    }
    await runner.close();
  });
}
