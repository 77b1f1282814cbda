import { join } from "node:path";
import { AsasrError, encodeTensors, EngineError, type HostTensor, writeAtomic, writeJson } from "../../core/mod.ts";
import { peerEnvironment, PEERS_SOURCE } from "../peers/environment.ts";
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
  const process = new Deno.Command(peerEnvironment().python, {
    args: ["-B", join(PEERS_SOURCE, job.script), settings, tensors], // -B: no compiled files beside the scripts
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
    const { name } = await answer();
    return {
      name: String(name),
      open: <Numbers extends Turn>(task: string): Runner<Numbers> => ({
        run: async () => {
          await input.write(new TextEncoder().encode(`${task}\n`));
          return await answer() as unknown as Numbers;
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

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  return undefined;
}
