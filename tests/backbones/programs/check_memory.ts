/**
 * Writes a sharded bfloat16 FLUX of more than 6 GB into a temporary folder, runs it block by block in a process of its own,
 * forward and with the way back, and prints peak memory beside the estimate. Removes the folder.
 *
 *     deno run -A tests/backbones/programs/check_memory.ts
 *
 * Needs 8 GB of disk (TMPDIR) and 5 GB of memory.
 */
import { formatGibibytes } from "../../../lib/core/mod.ts";
import { runProgram } from "../../engine/programs/program.ts";
import { fullWidth, writeRandomCheckpoint } from "./random_checkpoint.ts";

const config = fullWidth(4, 12), folder = await Deno.makeTempDir({ prefix: "asasr-flux-" });
try {
  const files = await writeRandomCheckpoint(folder, config, 2.5e9);
  const bytes = files.reduce((sum, file) => sum + Deno.statSync(file).size, 0);
  console.log(`${files.length} shards, ${formatGibibytes(bytes)}`);
  for (const train of [false, true]) {
    const run = JSON.stringify({ side: 64, textTokens: 512, threads: 2, train });
    const { stdout, stderr, ending } = await runProgram(
      "tests/backbones/programs/run_streamed.ts",
      [folder, JSON.stringify(config), run],
      {},
      ["-A"], // it reads its peak from /proc
    );
    if (stdout === "") throw new Error(`${ending}: ${stderr}`);
    const { peak, estimate, seconds } = JSON.parse(stdout);
    const name = train ? "forward and back" : "forward", error = (100 * (estimate / peak - 1)).toFixed(0);
    console.log(
      `${name}, 1,536 tokens: peak ${formatGibibytes(peak)}, estimate ${formatGibibytes(estimate)} (${error} %), ` +
        `${seconds.toFixed(0)} s`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
