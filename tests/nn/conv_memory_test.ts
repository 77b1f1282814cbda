import { assert } from "@std/assert";
import { runProgram } from "../engine/programs/program.ts";
import { nativeAvailable } from "../support.ts";

for (const dtype of ["float32", "bfloat16"]) {
  Deno.test({
    name: `conv2d() does not hold the kernels of all layers in another layout at once: ${dtype} [native]`,
    ignore: !nativeAvailable || Deno.build.os !== "linux",
    async fn() {
      // reading /proc takes all permissions
      const { stdout, stderr } = await runProgram("tests/nn/programs/conv_peak.ts", [dtype], {}, ["-A"]);
      assert(stdout !== "", stderr);
      // 16 kernels of 9 MiB: twice 144 MiB if they do not wait for their layers.
      assert(Number(stdout) < 80, `${stdout} MiB`);
    },
  });
}
