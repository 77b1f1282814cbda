import { assertEquals, assertRejects } from "@std/assert";
import { listen } from "../../lib/experiment/listen.ts";

Deno.test("listen() turns callbacks into events and returns the result", async () => {
  const steps: number[] = [];
  const task = listen("sampling", async (onStep) => {
    for (let k = 1; k <= 3; k++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      onStep(k, 3);
    }
    return "image";
  });
  let next = await task.next();
  for (; !next.done; next = await task.next()) if (next.value.kind === "step") steps.push(next.value.step);
  assertEquals(next.value, "image");
  assertEquals(steps.at(-1), 3);
  assertEquals([...steps].sort(), steps);
});

Deno.test("listen() passes a failure on", async () => {
  await assertRejects(() => listen("sampling", () => Promise.reject(new Error("no noise"))).next(), Error, "no noise");
});

Deno.test("listen() tells the last step though its consumer is slower than the task", async () => {
  const steps: number[] = [];
  const task = listen("sampling", async (onStep) => {
    for (let k = 1; k <= 5; k++) {
      onStep(k, 5);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  });
  for await (const event of task) {
    if (event.kind === "step") steps.push(event.step);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  assertEquals(steps, [1, 5]);
});
