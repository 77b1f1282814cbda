import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";

const root = join(import.meta.dirname!, "../..");

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out, stderr: error };
}

Deno.test("`deno task bench` names a size that cannot be", async () => {
  for (const [option, value, rule] of [["size", "30", "a multiple of 4"], ["batch", "many", "a whole number"]]) {
    const { code, stdout, stderr } = await run("bench", `--${option}`, value);
    assertEquals([code, stdout], [64, ""]);
    assert(stderr.startsWith(`error: Cannot read --${option} as it must be ${rule} from `), stderr);
    assertEquals(stderr.trim().split("\n").length, 1);
  }
});

Deno.test("`deno task bench` names a benchmark that it has not", async () => {
  const { code, stdout, stderr } = await run("bench", "--only", "metrics,speed");
  assertEquals([code, stdout], [64, ""]);
  assert(stderr.startsWith("error: Cannot read --only as its names must be among sft, asdpo, "), stderr);
  assert(stderr.trim().endsWith("current value is speed"), stderr);
});

Deno.test("`deno task bench` and `deno task peers:setup` explain themselves", async () => {
  for (const task of ["bench", "peers:setup"]) {
    const { code, stdout } = await run(task, "--help");
    assertEquals(code, 0);
    assert(stdout.startsWith(`Usage: deno task ${task}`), stdout);
  }
});
