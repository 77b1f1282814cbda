import { engineInfo, tf } from "../engine/mod.ts";
import type { Environment } from "./results.ts";
import type { Platform } from "./stage.ts";

/** What decides the last bits of what this process computes. */
export function platform(): Platform {
  const { engine, version, threads } = engineInfo();
  const system = `${Deno.build.os}-${Deno.build.arch}`;
  return { engine, version, threads, tfjs: tf.version_core, deno: Deno.version.deno, system };
}

/** Describes what this process runs on. */
export async function environment(): Promise<Environment> {
  const { engine, version, threads, deno, system } = platform();
  return {
    engine,
    engineVersion: version,
    threads,
    deno,
    platform: system,
    commit: await projectCommit(),
  };
}

/** The checked-out commit, marked where files differ from it; "unknown" outside a clone or without git. */
export async function projectCommit(): Promise<string> {
  const git = async (...args: string[]): Promise<string | null> => {
    try {
      const { success, stdout } = await new Deno.Command("git", { args, stderr: "null", cwd: import.meta.dirname })
        .output();
      return success ? new TextDecoder().decode(stdout).trim() : null;
    } catch {
      return null;
    }
  };
  const head = await git("rev-parse", "--short=12", "HEAD");
  if (!head) return "unknown";
  return await git("status", "--porcelain", "--untracked-files=no") ? `${head} with changes` : head;
}
