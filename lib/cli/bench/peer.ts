import { join } from "node:path";
import { AsasrError, encodeTensors, EngineError, type HostTensor, writeAtomic, writeJson } from "../../core/mod.ts";
import { peerEnvironment, PEERS_SOURCE } from "../peers/environment.ts";
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
  const process = new Deno.Command(peerEnvironment().python, {
    args: ["-B", join(PEERS_SOURCE, "serve_steps.py"), job, tensors], // -B: no compiled files beside the scripts
    env: options.busy ? { OMP_WAIT_POLICY: "PASSIVE", ...Deno.env.toObject() } : {},
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(process.stderr).text();
  const input = process.stdin.getWriter();
  const answers = linesOf(process.stdout);
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value } = await answers.next();
    if (value !== undefined) return JSON.parse(value);
    const reason = (await errors).trim().split("\n").at(-1);
    throw new EngineError(`Cannot compare with PyTorch as its process must answer: ${reason || "it ended silently"}`);
  };
  const close = async (): Promise<void> => {
    await input.close().catch(() => {}); // the process may have ended
    await process.status;
    await answers.return(undefined);
    await Deno.remove(folder, { recursive: true });
  };
  try {
    const { pytorch } = await answer();
    return {
      version: String(pytorch),
      open: (step) => ({
        run: async () => {
          await input.write(new TextEncoder().encode(`${step}\n`));
          return await answer() as unknown as StepNumbers;
        },
        close: () => Promise.resolve(), // with the process
      }),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error instanceof AsasrError ? error : new EngineError(`Cannot compare with PyTorch: ${error}`);
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

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  return undefined;
}
