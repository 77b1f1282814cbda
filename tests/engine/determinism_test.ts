import { assert, assertEquals } from "../assert.ts";
import { nativeAvailable } from "../support.ts";
import { runProgram } from "./programs/program.ts";

Deno.test({
  name: "a traced step gives the same bytes in every call and every process with as many threads [native]",
  ignore: !nativeAvailable,
  async fn() {
    const runs = await Promise.all(
      [1, 1, 2, 2].map((threads) => runProgram("tests/engine/programs/determinism.ts", [String(threads)])),
    );
    for (const { stdout, stderr } of runs) assert(/^[0-9a-f]{64}$/.test(stdout), stdout + stderr);
    assertEquals(runs[0].stdout, runs[1].stdout);
    assertEquals(runs[2].stdout, runs[3].stdout);
  },
});
