import { EngineError, type EngineInfo, startEngine } from "../../engine/mod.ts";
import type { Runner, Turn } from "./runner.ts";

/** Which engines take part. */
export interface EngineOptions {
  /** Threads of TensorFlow; wasm has one. */
  readonly threads: number;
  /** Also wasm. */
  readonly wasm: boolean;
  /** Bring TensorFlow where it is missing; true by default. */
  readonly install?: boolean;
  /** Takes lines about what happens. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Start the engines of this machine: the native one where it can be had, and wasm if asked for or alone.
 *
 * @returns At least one.
 */
export async function availableEngines(options: EngineOptions): Promise<EngineInfo[]> {
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
export function onEngine<Numbers extends Turn>(
  engine: EngineInfo["engine"],
  threads: number,
  open: () => Runner<Numbers>,
): Runner<Numbers> {
  let runner: Runner<Numbers> | undefined;
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
