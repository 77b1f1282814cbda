import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { config } from "../core/script.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** How a command ended and what it printed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Lines; empty if nothing was printed. */
  readonly stderr: readonly string[];
}

/** A command under way. */
export interface Running {
  /** Resolves once stdout or stderr holds the text; rejects if the command ends without it. */
  readonly prints: (text: string) => Promise<void>;
  /** What it has printed on stdout so far. */
  readonly printed: () => string;
  readonly signal: (...signals: Deno.Signal[]) => void;
  readonly outcome: Promise<Outcome>;
}

/**
 * Starts a script in the project's folder with the permissions of the project's tasks.
 *
 * @param script Path, relative to the project or absolute.
 * @param permissions More than those of most tasks.
 */
export function start(
  script: string,
  args: readonly string[] = [],
  { permissions = [], ...options }: Deno.CommandOptions & { readonly permissions?: readonly string[] } = {},
): Running {
  const child = new Deno.Command(Deno.execPath(), {
    ...options,
    args: ["run", "--config", config, "-RWES", "--allow-ffi", "--allow-run", ...permissions, script, ...args],
    cwd: root,
    env: { NO_COLOR: "1", ...options.env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const printed = { stdout: "", stderr: "" };
  let over = false, wake = () => {};
  const collect = async (stream: "stdout" | "stderr") => {
    for await (const text of child[stream].pipeThrough(new TextDecoderStream())) {
      printed[stream] += text;
      wake();
    }
  };
  const finish = async (): Promise<Outcome> => {
    const [{ code }] = await Promise.all([child.status, collect("stdout"), collect("stderr")]);
    over = true;
    wake();
    return { code, stdout: printed.stdout, stderr: printed.stderr.split("\n").slice(0, -1) };
  };
  const outcome = finish();
  return {
    outcome,
    async prints(text) {
      while (!printed.stdout.includes(text) && !printed.stderr.includes(text)) {
        if (over) throw new Error(`Ended without "${text}": ${JSON.stringify(await outcome)}`);
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
    printed: () => printed.stdout,
    signal: (...signals) => signals.forEach((signal) => child.kill(signal)),
  };
}

/** Runs `deno task ablation` to its end. */
export function ablation(...args: string[]): Promise<Outcome> {
  return start("lib/cli/ablation.ts", args).outcome;
}

/** All files below a folder, which need not exist. */
export async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory) files.push(...await filesBelow(path));
      else files.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.sort();
}
