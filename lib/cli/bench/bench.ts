import type { EngineInfo } from "../../engine/mod.ts";
import { hasPeers } from "../peers/environment.ts";
import { availableEngines, type EngineOptions, onEngine } from "./engines.ts";
import { imageTask, imageTaskNames } from "./images/tasks.ts";
import { AGREEMENT, type Contender, measureInTurns, requireAgreement, type Tolerance } from "./measure.ts";
import { openStep } from "./ours.ts";
import { type Peer, type PeerJob, startPeer } from "./peer.ts";
import { type BenchRow, benchRows, type RowFacts } from "./rows.ts";
import type { StepName, Turn } from "./runner.ts";
import { drawWorkload, stepJob, type WorkloadSize } from "./workload.ts";

/** Everything that is measured: training steps and image work. */
export const benchmarkNames = ["sft", "asdpo", ...imageTaskNames] as const;

/** Name of a benchmark. */
export type BenchmarkName = (typeof benchmarkNames)[number];

/** What is measured. */
export interface BenchOptions extends WorkloadSize, EngineOptions {
  /** Benchmarks, all by default. Sizes concern the training steps. */
  readonly only?: readonly BenchmarkName[];
  /** Images of the degradation and pairs of the metrics; by default enough for a steady time. */
  readonly images?: number;
  /** Turns of each after its first. */
  readonly rounds: number;
  /** Compare with the peers; by default where they are installed. */
  readonly peers?: boolean;
  /** Ends the benchmark after the turn under way. */
  readonly signal?: AbortSignal;
}

/**
 * Measure training steps and image work on this machine, in turns with PyTorch or what else people use, on as many cores.
 *
 * @param options Sizes, threads and rounds.
 * @returns One row per benchmark and engine.
 * @throws {EngineError} If two of them compute different numbers, or no engine starts.
 */
export async function bench(options: BenchOptions): Promise<BenchRow[]> {
  const { only = benchmarkNames, peers = hasPeers(), onProgress = () => {} } = options;
  const [load] = Deno.loadavg(), cores = navigator.hardwareConcurrency, busy = load > cores / 2;
  if (busy) {
    onProgress(
      `Other work runs on this machine (load ${load.toFixed(1)} on ${cores} cores): times are too long, ratios rough`,
    );
  }
  if (!peers) {
    onProgress("Without the peers, so the rows lack the comparison: `deno task peers:setup` installs them");
  }
  const needsEngine = only.some((name) => name !== "degradation" && name !== "metrics");
  const engines = needsEngine ? await availableEngines(options) : [];
  for (const { line } of engines) onProgress(line);
  const rows: BenchRow[] = [];
  for (const name of benchmarkNames) {
    if (!only.includes(name)) continue;
    const measured = await prepare(name, engines, options);
    await using peer = peers ? await startPeer(measured.job, { busy }) : undefined;
    if (peer) onProgress(`${name} beside ${peer.name}, ${options.threads} threads`);
    rows.push(...await measure(name, measured, peer, options));
  }
  return rows;
}

/** One benchmark, ready to run. */
interface Prepared extends RowFacts {
  readonly tolerance: Tolerance;
  readonly job: PeerJob;
  readonly contenders: readonly Contender[];
}

async function prepare(
  name: BenchmarkName,
  engines: readonly EngineInfo[],
  options: BenchOptions,
): Promise<Prepared> {
  if (name === "sft" || name === "asdpo") return stepBenchmark(name, engines, options);
  return await imageTask(name, options.threads, engines, options.images);
}

function stepBenchmark(step: StepName, engines: readonly EngineInfo[], options: BenchOptions): Prepared {
  const { threads } = options, workload = drawWorkload(options);
  const contenders = engines.flatMap(({ engine }): Contender[] => {
    const open = (traced: boolean) => onEngine(engine, threads, () => openStep(step, workload, traced));
    if (engine === "wasm") return [{ name: "wasm", runner: open(true) }];
    return [{ name: "traced", runner: open(true) }, { name: "eager", runner: open(false) }];
  });
  return { title: step, amount: 1, unit: "step", tolerance: AGREEMENT, job: stepJob(workload, threads), contenders };
}

async function measure(
  name: BenchmarkName,
  { contenders: ours, tolerance, ...facts }: Prepared,
  peer: Peer | undefined,
  { rounds, signal, onProgress = () => {} }: BenchOptions,
): Promise<BenchRow[]> {
  const contenders = peer ? [...ours, { name: "peer", runner: peer.open(name) }] : ours;
  try {
    const onFirst = (contender: string, { ms }: Turn) =>
      onProgress(`${[name, contender].join(" ").trim()}: first turn ${ms.toFixed(0)} ms`);
    const measured = await measureInTurns(contenders, rounds, { onFirst, signal });
    const difference = requireAgreement(measured, tolerance);
    if (measured.length > 1) onProgress(`${name}: all computed the same within ${difference.toExponential(0)}`);
    return benchRows(facts, measured.slice(0, ours.length), peer && { ...measured[ours.length], name: peer.name });
  } finally {
    for (const { runner } of contenders) await runner.close();
  }
}
