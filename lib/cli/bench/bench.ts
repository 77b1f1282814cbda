import { EngineError, type EngineInfo, startEngine } from "../../engine/mod.ts";
import { hasPeers } from "../peers/environment.ts";
import { type Contender, measureInTurns, requireAgreement } from "./measure.ts";
import { openStep } from "./ours.ts";
import { type Peer, startPeer } from "./peer.ts";
import { type BenchRow, benchRows } from "./rows.ts";
import type { StepName, StepNumbers, StepRunner } from "./runner.ts";
import { drawWorkload, type Workload, type WorkloadSize } from "./workload.ts";

/** What is measured. */
export interface BenchOptions extends WorkloadSize {
  /** Threads of TensorFlow and of PyTorch; wasm has one. */
  readonly threads: number;
  /** Steps of each after its first. */
  readonly rounds: number;
  /** Also measure wasm. */
  readonly wasm: boolean;
  /** Compare with PyTorch; by default where it is installed. */
  readonly peers?: boolean;
  /** Bring TensorFlow where it is missing; true by default. */
  readonly install?: boolean;
  /** Takes lines about what happens. */
  readonly onProgress?: (line: string) => void;
  /** Ends the benchmark after the training step under way. */
  readonly signal?: AbortSignal;
}

/**
 * Measure a step of supervised training and one of AS-DPO on every engine of this machine, against PyTorch.
 *
 * @param options Sizes, threads and rounds.
 * @returns One row per step and engine.
 * @throws {EngineError} If two of them compute different losses or gradients, or no engine starts.
 */
export async function bench(options: BenchOptions): Promise<BenchRow[]> {
  const { threads, peers = hasPeers(), onProgress = () => {} } = options;
  const workload = drawWorkload(options);
  const engines = await availableEngines(options);
  for (const { line } of engines) onProgress(line);
  const [load] = Deno.loadavg(), cores = navigator.hardwareConcurrency, busy = load > cores / 2;
  if (busy) {
    onProgress(
      `Other work runs on this machine (load ${load.toFixed(1)} on ${cores} cores): times are too long, ratios rough`,
    );
  }
  await using peer = peers ? await startPeer(workload, threads, { busy }) : undefined;
  onProgress(
    peer
      ? `PyTorch ${peer.version} on the CPU, ${threads} threads`
      : "Without PyTorch, so the rows lack the comparison: `deno task peers:setup` installs it",
  );
  const rows: BenchRow[] = [];
  for (const step of ["sft", "asdpo"] as const) rows.push(...await benchStep(step, workload, engines, peer, options));
  return rows;
}

async function benchStep(
  step: StepName,
  workload: Workload,
  engines: readonly EngineInfo[],
  peer: Peer | undefined,
  { threads, rounds, signal, onProgress = () => {} }: BenchOptions,
): Promise<BenchRow[]> {
  const ours = engines.flatMap(({ engine }): Contender[] => {
    const open = (traced: boolean) => onEngine(engine, threads, () => openStep(step, workload, traced));
    if (engine === "wasm") return [{ name: "wasm", runner: open(true) }];
    return [{ name: "traced", runner: open(true) }, { name: "eager", runner: open(false) }];
  });
  const contenders = peer ? [...ours, { name: "PyTorch", runner: peer.open(step) }] : ours;
  try {
    const onFirst = (name: string, { ms }: StepNumbers) =>
      onProgress(`${step} ${name}: first step ${ms.toFixed(0)} ms`);
    const measured = await measureInTurns(contenders, rounds, { onFirst, signal });
    const difference = requireAgreement(measured);
    onProgress(`${step}: loss and gradient norm agree within ${difference.toExponential(0)}`);
    return benchRows(step, measured.slice(0, ours.length), peer && measured[ours.length]);
  } finally {
    for (const { runner } of contenders) await runner.close();
  }
}

async function availableEngines(options: BenchOptions): Promise<EngineInfo[]> {
  const { threads, wasm, install = true, onProgress = () => {} } = options;
  const engines: EngineInfo[] = [];
  try {
    engines.push(await startEngine({ engine: "cpu", threads, install, onProgress }));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    onProgress(`Without the native engine: ${error.message}`);
  }
  if (wasm || engines.length === 0) engines.push(await startEngine({ engine: "wasm" }));
  return engines;
}

/** Open a runner on an engine, and make that engine current whenever it works. */
function onEngine(engine: EngineInfo["engine"], threads: number, open: () => StepRunner): StepRunner {
  let runner: StepRunner | undefined;
  const select = () => startEngine({ engine, threads, install: false });
  return {
    run: async () => {
      await select();
      return await (runner ??= open()).run();
    },
    close: async () => {
      if (runner === undefined) return;
      await select();
      await runner.close();
    },
  };
}
