import { engineInfo } from "../engine/mod.ts";
import type { Environment } from "./results.ts";

/** Describes what this process runs on. */
export async function environment(): Promise<Environment> {
  const { engine, version, threads } = engineInfo();
  return {
    engine,
    engineVersion: version,
    threads,
    deno: Deno.version.deno,
    platform: `${Deno.build.os}-${Deno.build.arch}`,
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
