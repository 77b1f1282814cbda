import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { inFolder } from "../core/folder.ts";
import { config } from "../core/script.ts";
import { type Running, start } from "./process.ts";

/** Starts a command whose work is the body of an async function with a parameter `signal`. */
async function startCommand(folder: string, body: string): Promise<Running> {
  const library = (path: string) => JSON.stringify(new URL(`../../lib/${path}`, import.meta.url).href);
  const script = join(folder, "command.ts");
  await Deno.writeTextFile(
    script,
    `import { runCommand } from ${library("cli/command.ts")};
     import { DataError, StoppedError } from ${library("core/mod.ts")};
     await runCommand(async (signal) => { ${body} });`,
  );
  return start(script);
}

const defect = "(a defect of this program: ASASR_DEBUG=1 shows where)";
const endings: Readonly<Record<string, { body: string; code: number; stderr: string[] }>> = {
  "that is done": { body: "", code: 0, stderr: [] },
  "with an error of the project": {
    body: "throw new DataError('Cannot read it')",
    code: 65,
    stderr: ["error: Cannot read it"],
  },
  "with an error of the system": {
    body: "await Deno.readTextFile('/nowhere/at all')",
    code: 74,
    stderr: ["error: No such file or directory (os error 2): readfile '/nowhere/at all'"],
  },
  "with a defect": {
    body: "throw new TypeError('first\\nsecond')",
    code: 1,
    stderr: [`error: TypeError: first ${defect}`],
  },
  "with a defect in the background": {
    body:
      "setTimeout(() => Promise.reject(new RangeError('late'))); await new Promise((end) => setTimeout(end, 60_000));",
    code: 1,
    stderr: [`error: RangeError: late ${defect}`],
  },
};

for (const [how, { body, ...expected }] of Object.entries(endings)) {
  Deno.test(`runCommand() ends a command ${how} with ${expected.code} and no stack trace`, () =>
    inFolder(async (folder) => {
      const { code, stderr } = await (await startCommand(folder, body)).outcome;
      assertEquals({ code, stderr }, expected);
    }));
}

/** Work that ends half a second after its signal, as a step does. */
const stopping = "console.log('ready'); await new Promise((end) => signal.onabort = end);" +
  "await new Promise((end) => setTimeout(end, 500)); throw new StoppedError('Stopped at step 3');";
const waiting = "await new Promise((end) => setTimeout(end, 60_000));";

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`runCommand() raises its signal at the first ${signal} (75) and ends at a later second one (130)`, () =>
    inFolder(async (folder) => {
      const polite = await startCommand(folder, stopping);
      await polite.prints("ready");
      polite.signal(signal);
      const { code, stderr } = await polite.outcome;
      assertEquals(code, 75);
      assert(stderr[0].startsWith("Stopping after this step."), stderr[0]);
      assertEquals(stderr.slice(1), ["Stopped at step 3"]);

      const stubborn = await startCommand(folder, `console.log('ready'); ${waiting}`);
      await stubborn.prints("ready");
      stubborn.signal(signal);
      await stubborn.prints("Stopping");
      await new Promise((end) => setTimeout(end, 1100));
      stubborn.signal(signal);
      assertEquals((await stubborn.outcome).code, 130);
    }));
}

const stopped = ["Stopping after this step. Press Ctrl-C again to stop at once.", "Stopped at step 3"];

Deno.test("runCommand() takes a signal that comes twice for one Ctrl-C (75)", () =>
  inFolder(async (folder) => {
    const command = await startCommand(folder, stopping);
    await command.prints("ready");
    command.signal("SIGINT");
    await command.prints("Stopping");
    command.signal("SIGINT", "SIGTERM");
    const { code, stderr } = await command.outcome;
    assertEquals({ code, stderr }, { code: 75, stderr: stopped });
  }));

Deno.test({
  name: "runCommand() under `deno task` stops at a signal to the whole group of processes, or to the task alone (75)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      (await startCommand(folder, stopping)).signal("SIGKILL"); // which wrote the script
      const task = JSON.stringify({ tasks: { work: `deno run --config ${config} -RWES --allow-ffi command.ts` } });
      await Deno.writeTextFile(join(folder, "deno.json"), task);
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        for (const all of [true, false]) {
          const child = new Deno.Command(Deno.execPath(), {
            args: ["task", "work"],
            cwd: folder,
            env: { NO_COLOR: "1" },
            detached: true, // the leader of a group of its own, as a terminal's command
            stdout: "piped",
            stderr: "piped",
          }).spawn();
          const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
          for (let printed = ""; !printed.includes("ready");) {
            const { value, done } = await output.read();
            assert(!done, printed);
            printed += value;
          }
          Deno.kill(all ? -child.pid : child.pid, signal);
          const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
          await output.cancel();
          assertEquals([code, stderr.split("\n").slice(-3)], [75, [...stopped, ""]], `${signal} to all: ${all}`);
        }
      }
    }),
});
