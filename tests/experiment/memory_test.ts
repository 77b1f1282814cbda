import { assert, assertEquals, assertRejects } from "@std/assert";
import { estimateFlux, FLUX_DEV, fluxTensors, type MemoryEstimate, memoryLine } from "../../lib/backbones/mod.ts";
import { availableMemory, RefusedError } from "../../lib/core/mod.ts";
import { planMemory } from "../../lib/experiment/models/mod.ts";

const estimates = (tokens: number): MemoryEstimate[] =>
  (["resident", "streamed"] as const).map((weights) =>
    estimateFlux(FLUX_DEV, fluxTensors(FLUX_DEV), { batch: 1, tokens }, weights)
  );
const [resident, streamed] = estimates(1536);

Deno.test("planMemory() prefers all weights in memory, then streams them, unless it is told", async () => {
  const plan = (limit: number, weights?: MemoryEstimate["weights"]) =>
    planMemory([resident, streamed], { verb: "run", limit, weights }, []);
  assertEquals(await plan(resident.bytes), resident);
  assertEquals(await plan(resident.bytes - 1), streamed);
  assertEquals(await plan(resident.bytes, "streamed"), streamed);
  await assertRejects(
    () => plan(resident.bytes - 1, "resident"),
    RefusedError,
    "Cannot run as about 23.2 GiB of memory are needed",
  );
  await assertRejects(() => plan(resident.bytes - 1, "resident"), RefusedError, "--hold streamed needs 2.42 GiB");
  assert(availableMemory() > 0);
});

Deno.test("planMemory() says what would fit, the nearest first, or what takes most", async () => {
  const asked: string[] = [];
  const smaller = [1024, 512].map((tokens) =>
    [`${tokens} tokens`, () => {
      asked.push(String(tokens));
      return Promise.resolve(estimates(tokens));
    }] as const
  );
  const limit = estimates(1024)[1].bytes;
  await assertRejects(
    () => planMemory([resident, streamed], { verb: "run", limit }, smaller),
    RefusedError,
    "; 1024 tokens would fit with 2.20 GiB, its weights streamed): current value is 2.20 GiB",
  );
  assertEquals(asked, ["1024"]);
  await assertRejects(
    () => planMemory([resident, streamed], { verb: "run", limit: 1e9 }, smaller),
    RefusedError,
    "nothing smaller would fit; the largest part is ",
  );
});

Deno.test("memoryLine() says where the weights are and lists what matters", () => {
  assertEquals(
    memoryLine({
      weights: "streamed",
      parts: { process: 2 ** 29, adapters: 1e6, activations: 2 ** 30 },
      bytes: 1.5 * 2 ** 30,
    }),
    "memory: about 1.50 GiB, the blocks' weights streamed (process 0.500 GiB, activations 1.00 GiB)",
  );
});
