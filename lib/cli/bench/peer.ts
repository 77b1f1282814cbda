import { join } from "node:path";
import { encodeTensors, type HostTensor, writeAtomic, writeJson } from "../../core/mod.ts";
import { startPeerProcess } from "./peer_process.ts";
import type { Runner, Turn } from "./runner.ts";

/** What a peer's process is given. */
export interface PeerJob {
  /** Script in `tests/peers` that serves it. */
  readonly script: "serve_steps.py" | "serve_images.py";
  /** Plain JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Go over as one safetensors file. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
}

/** Another implementation, waiting to do the work of a job. */
export interface Peer extends AsyncDisposable {
  /** Packages and their versions, such as "PyTorch 2.15.0". */
  readonly name: string;
  /** Begin a task of the job that shares nothing with another. */
  open<Numbers extends Turn>(task: string): Runner<Numbers>;
}

/**
 * Start a peer in a process of its own.
 *
 * @param job What it is given, its number of threads included.
 * @param options.busy Whether other work runs on the machine. PyTorch's threads then sleep while they wait for each other:
 * spinning, their default, makes steps up to 20 times longer where they have to share cores.
 * @returns Ends the process when disposed.
 * @throws {EngineError} If the process fails.
 */
export async function startPeer(job: PeerJob, options: { busy?: boolean } = {}): Promise<Peer> {
  const folder = await Deno.makeTempDir({ prefix: "asasr-bench-" });
  const settings = join(folder, "job.json"), tensors = join(folder, "tensors.safetensors");
  await writeJson(settings, job.settings);
  await writeAtomic(tensors, encodeTensors(job.tensors));
  try {
    const process = await startPeerProcess(job.script, [settings, tensors], options);
    return {
      name: String(process.greeting.name),
      open: <Numbers extends Turn>(task: string): Runner<Numbers> => ({
        run: async () => await process.ask(task) as unknown as Numbers,
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
