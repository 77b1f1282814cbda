import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { inFolder } from "../core/folder.ts";
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

const waiting = "await new Promise((end) => setTimeout(end, 60_000));";

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`runCommand() raises its signal at the first ${signal} (75) and ends at the second (130)`, () =>
    inFolder(async (folder) => {
      const stopping = "console.log('ready'); await new Promise((end) => signal.onabort = end);";
      const polite = await startCommand(folder, `${stopping} throw new StoppedError('Stopped at step 3');`);
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
      stubborn.signal(signal);
      assertEquals((await stubborn.outcome).code, 130);
    }));
}
