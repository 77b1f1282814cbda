import { assert } from "@std/assert";
import { runProgram } from "../engine/programs/program.ts";
import { nativeAvailable } from "../support.ts";

Deno.test({
  name: "blockedAttention() does not hold the gradients of all blocks at once [native]",
  ignore: !nativeAvailable || Deno.build.os !== "linux",
  async fn() {
    // reading /proc takes all permissions
    const { stdout, stderr } = await runProgram("tests/nn/programs/blocked_peak.ts", [], {}, ["-A"]);
    assert(Number(stdout) > 0, stderr);
    // 64 blocks with gradients of 4 MB for all keys and all values each: 512 MB if they do not wait for one another.
    assert(Number(stdout) < 256, `${stdout} MB`);
  },
});
