import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type MediaBundle, startTask } from "asasr/view/mod.ts";

/** Records what is drawn. */
function recorder() {
  const texts: string[] = [];
  const update = (bundle: unknown) => Promise.resolve(void texts.push((bundle as MediaBundle)["text/plain"] as string));
  return { texts, display: () => ({ update }) };
}

Deno.test("startTask() runs a task of the project, shows its progress and tells its exit code", async () => {
  const folder = await Deno.makeTempDir(), { texts, display } = recorder();
  try {
    const task = startTask(["status", "--out", folder], { log: join(folder, "logs", "status.txt"), display });
    assertEquals(await task.watch(), 0);
    assert((await Deno.readTextFile(task.log)).includes("No runs in"));
    assertEquals(texts.at(-1), "starting", "a task without stages has no progress to show");
    assertEquals(await task.stop(), 0, "stopping what has ended changes nothing");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a task goes on while nobody watches it, and stops cleanly with code 75", async () => {
  const folder = await Deno.makeTempDir(), { texts, display } = recorder();
  try {
    const task = startTask(["ablation", "--engine", "wasm", "--out", folder], {
      log: join(folder, "log.txt"),
      display,
    });
    while (!texts.at(-1)?.includes("[0/")) assertEquals(await task.watch({ seconds: 0.5 }), null);
    assertEquals(await task.stop(), 75);
    assertEquals(await task.watch(), 75);
    assert(texts.at(-1)!.includes("Stopped"), texts.at(-1));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
