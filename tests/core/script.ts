import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** For scripts outside the project, which import from it. */
export const config: string = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** Starts a script that imports from the project, in a process of its own, and waits until it prints something. */
export async function startScript(folder: string, source: string): Promise<Deno.ChildProcess> {
  const path = join(folder, "script.ts");
  await Deno.writeTextFile(path, source);
  const args = ["run", "--no-check", "--config", config, "--allow-read", "--allow-write", "--allow-env", "--allow-sys"];
  const child = new Deno.Command(Deno.execPath(), { args: [...args, path], stdout: "piped", stderr: "null" }).spawn();
  await child.stdout.getReader().read();
  return child;
}

/** Runs a script of the project in a folder and waits for its end. */
export async function runScript(
  script: string,
  folder: string,
  args: readonly string[],
): Promise<{ code: number; out: string; errors: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", config, script, ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  return { code, out: new TextDecoder().decode(stdout), errors: new TextDecoder().decode(stderr) };
}
