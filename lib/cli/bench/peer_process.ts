import { join } from "node:path";
import { AsasrError, EngineError } from "../../core/mod.ts";
import { peerEnvironment, PEERS_SOURCE } from "../peers/environment.ts";

/** A script of the peers that answers every line with a line of JSON. */
export interface PeerProcess extends AsyncDisposable {
  /** What it said first. */
  readonly greeting: Readonly<Record<string, unknown>>;
  /** Send a line and wait for the answer. */
  ask(line: string): Promise<Record<string, unknown>>;
}

/**
 * Start a script of the peers.
 *
 * @param script File in tests/peers.
 * @param args Its arguments.
 * @param options.busy Whether other work runs on the machine. PyTorch's threads then sleep while they wait for each other:
 * spinning, their default, makes steps up to 20 times longer where they have to share cores.
 * @returns Ends the process when disposed.
 * @throws {EngineError} If the process fails.
 */
export async function startPeerProcess(
  script: string,
  args: readonly string[],
  options: { busy?: boolean } = {},
): Promise<PeerProcess> {
  const process = new Deno.Command(peerEnvironment().python, {
    args: ["-B", join(PEERS_SOURCE, script), ...args], // -B: no compiled files beside the scripts
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
  };
  try {
    return {
      greeting: await answer(),
      ask: async (line) => {
        await input.write(new TextEncoder().encode(`${line}\n`));
        return await answer();
      },
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
