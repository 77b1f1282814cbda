import { join } from "node:path";
import { encodeTensors, type HostTensor, writeAtomic, writeJson } from "../../core/mod.ts";
import { startPeerProcess } from "./peer_process.ts";
import type { StepName, StepNumbers, StepRunner } from "./runner.ts";
import type { HostParams, Workload } from "./workload.ts";

/** PyTorch, waiting to train steps of a workload. */
export interface Peer extends AsyncDisposable {
  /** Of PyTorch. */
  readonly version: string;
  /** Make a training of its own that shares nothing with another. */
  open(step: StepName): StepRunner;
}

/**
 * Start PyTorch on a workload, in a process of its own.
 *
 * @param workload Weights, adapters and batch go over as one safetensors file.
 * @param threads Threads of every operation.
 * @param options.busy Whether other work runs on the machine. PyTorch's threads then sleep while they wait for each other:
 * spinning, their default, makes steps up to 20 times longer where they have to share cores.
 * @returns Ends the process when disposed.
 * @throws {EngineError} If the process fails.
 */
export async function startPeer(
  workload: Workload,
  threads: number,
  options: { busy?: boolean } = {},
): Promise<Peer> {
  const folder = await Deno.makeTempDir({ prefix: "asasr-bench-" });
  const job = join(folder, "job.json"), tensors = join(folder, "tensors.safetensors");
  await writeJson(job, jobOf(workload, threads));
  await writeAtomic(tensors, encodeTensors(tensorsOf(workload)));
  try {
    const process = await startPeerProcess("serve_steps.py", [job, tensors], options);
    return {
      version: String(process.greeting.pytorch),
      open: (step) => ({
        run: async () => await process.ask(step) as unknown as StepNumbers,
        close: () => Promise.resolve(), // with the process
      }),
      [Symbol.asyncDispose]: async () => {
        await process[Symbol.asyncDispose]();
        await Deno.remove(folder, { recursive: true });
      },
    };
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

function jobOf({ model, optimizer, objective, scale }: Workload, threads: number): Record<string, unknown> {
  return { model, threads, alpha: scale.alpha, settings: { ...optimizer, ...objective } };
}

function tensorsOf({ base, policy, adversary, batch }: Workload): Record<string, HostTensor> {
  const parts: Record<string, HostParams> = { base, policy, adversary, batch };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, tensors]) =>
      Object.entries(tensors).map(([name, tensor]) => [`${part}.${name}`, tensor])
    ),
  );
}
