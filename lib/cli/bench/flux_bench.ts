import { startEngine } from "../../engine/mod.ts";
import { type Contender, measureInTurns, requireAgreement } from "./measure.ts";
import { type BlockTask, openFluxBlock } from "./flux_ours.ts";
import { type FluxBlockSize, FULL_SIZE, writeFluxBlock } from "./flux_workload.ts";
import { type PeerProcess, startPeerProcess } from "./peer_process.ts";
import { type BenchRow, benchRows } from "./rows.ts";
import type { Runner, StepNumbers } from "./runner.ts";

/** What is measured of FLUX. */
export interface FluxBenchOptions {
  /** Sizes of the blocks. Default width 3072 and 1,536 tokens. */
  readonly size?: FluxBlockSize;
  /** Threads of TensorFlow and of PyTorch. */
  readonly threads: number;
  /** Runs of each after its first. */
  readonly rounds: number;
  /** Compare with diffusers. */
  readonly peers: boolean;
  /** Takes lines about what happens. */
  readonly onProgress?: (line: string) => void;
  /** Ends the benchmark after the run under way. */
  readonly signal?: AbortSignal;
}

/** Largest relative difference of loss and gradient norm; bfloat16 rounds at other places here and there. */
const LIMITS = { float32: 1e-3, bfloat16: 3e-2 } as const;

/**
 * Measure a double and a single FLUX block, forward and backward for an adapter, in both precisions, against diffusers.
 *
 * @returns One row a block, precision and direction.
 * @throws {EngineError} If the native engine is missing, or both compute different things.
 */
export async function benchFlux(options: FluxBenchOptions): Promise<BenchRow[]> {
  const { size = FULL_SIZE, threads, onProgress = () => {} } = options;
  await startEngine({ engine: "cpu", threads, install: false });
  const folder = await Deno.makeTempDir({ prefix: "asasr-flux-" }), rows: BenchRow[] = [];
  const busy = Deno.loadavg()[0] > navigator.hardwareConcurrency / 2;
  try {
    await using peer = options.peers
      ? await startPeerProcess("serve_flux_block.py", [`${threads}`], { busy })
      : undefined;
    for (const kind of ["double", "single"] as const) {
      const file = await writeFluxBlock(folder, kind, size);
      for (const precision of ["float32", "bfloat16"] as const) {
        for (const direction of ["forward", "backward"] as const) {
          const [row] = await benchTask(file, { kind, precision, direction }, size, options, peer);
          onProgress(`${row.name}: ${row.ours} ms${row.peer === null ? "" : `, diffusers ${row.peer} ms`}`);
          rows.push(row);
        }
      }
      await Deno.remove(file);
    }
    return rows;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function benchTask(
  file: string,
  task: BlockTask,
  size: FluxBlockSize,
  { rounds, signal }: FluxBenchOptions,
  peer?: PeerProcess,
): Promise<BenchRow[]> {
  const ours = await openFluxBlock(file, task, size), name = `FLUX ${task.kind} ${task.precision}`;
  try {
    const contenders: Contender[] = [{ name: task.direction, runner: ours }];
    if (peer) contenders.push({ name: "diffusers", runner: peerRunner(peer, file, task, size) });
    const measured = await measureInTurns(contenders, rounds, { signal });
    requireAgreement(measured, LIMITS[task.precision]);
    return benchRows({ title: name, amount: 1, unit: "step" }, measured.slice(0, 1), measured[1]);
  } finally {
    await ours.close();
  }
}

/** The same block in diffusers. */
function peerRunner(
  peer: PeerProcess,
  file: string,
  task: BlockTask,
  { config, text }: FluxBlockSize,
): Runner<StepNumbers> {
  const { kind, precision, direction } = task;
  const job = JSON.stringify({
    file,
    kind,
    precision,
    direction,
    text,
    heads: config.heads,
    headWidth: config.headWidth,
  });
  return {
    run: async () => await peer.ask(job) as unknown as StepNumbers,
    close: () => Promise.resolve(), // the next job takes its place
  };
}
