import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { inFolder } from "../core/folder.ts";
import { nativeAvailable } from "../support.ts";
import { prepareTiny } from "../training/tiny.ts";
import { filesBelow, start } from "./process.ts";

const engine = nativeAvailable ? "cpu" : "wasm";
/** Options that make a training take seconds. */
const small = "--engine ENGINE --size 32 --crops 4 --steps 2 --batch 1 --accumulation 2 --rank 2 --warmup 1 --dtype f32"
  .replace("ENGINE", engine).split(" ");

Deno.test("deno task train trains every stage, keeps what is there, and trains one stage on named adapters", () =>
  inFolder(async (folder) => {
    const { checkpoint, photos } = await prepareTiny(folder, "flux"), out = join(folder, "out");
    const common = [
      "--backbone",
      "flux",
      "--checkpoint",
      checkpoint,
      "--data",
      photos,
      "--degradation",
      "mild",
      ...small,
    ];
    const all = [...common, "--out", out, "--restorers", "bicubic"];
    const { code, stdout, stderr } = await start("lib/cli/train.ts", all).outcome;
    assertEquals(code, 0, stderr.join("\n"));
    for (const stage of ["sft", "adversary", "asdpo"]) {
      assert(stdout.includes(`${stage}: ${join(out, stage, "pytorch_lora_weights.safetensors")}`), stdout);
    }
    assert(stdout.includes("memory: about"), stdout);
    const files = await filesBelow(join(out, "asdpo"));
    const names = files.map((path) => path.slice(out.length + 7));
    assert(names.some((name) => name.startsWith("events.out.tfevents.")), names.join());
    assert(!names.some((name) => name.startsWith("state") || name.endsWith(".tmp")), names.join());
    assert(names.includes("step-000002.png"), names.join());

    const adapters = ["sft", "adversary"].flatMap((
      stage,
    ) => [`--${stage}`, join(out, stage, "pytorch_lora_weights.safetensors")]);
    const alone = [...common, "--out", join(folder, "alone"), "--stage", "asdpo", ...adapters];
    assertEquals((await start("lib/cli/train.ts", alone).outcome).code, 0);
    const lora = (root: string) => Deno.readFile(join(root, "asdpo", "pytorch_lora_weights.safetensors"));
    assertEquals(await lora(join(folder, "alone")), await lora(out));
  }));

Deno.test("deno task train says in one line what is wrong with the command", () =>
  inFolder(async (folder) => {
    const place = ["--checkpoint", folder, "--data", folder, "--out", join(folder, "out")];
    const wrong: [number, string, ...string[]][] = [
      [64, "--backbone is needed", ...place],
      [64, "--backbone as it must be one of flux, sd15, sdxl, small: current value is big", "--backbone", "big"],
      [64, "sobolevIndex does not fit", "--backbone", "flux", "--s", "9", ...place],
      [64, "current value is 9", "--backbone", "flux", "--s", "9", ...place],
      [64, "--s as it must be a number", "--backbone", "flux", "--s", "x", ...place],
      [64, "takes its condition on the channels", "--backbone", "sdxl", "--conditioning", "token", ...place],
      [64, "at once", "--backbone", "flux", "--negatives", "a", "--restorers", "b", ...place],
      [65, "must hold some", "--backbone", "flux", ...place],
    ];
    for (const [expected, text, ...args] of wrong) {
      const { code, stderr } = await start("lib/cli/train.ts", args).outcome;
      assertEquals([code, stderr.length], [expected, 1], stderr.join("\n"));
      assert(stderr[0].includes(text), stderr[0]);
    }
    assertEquals(await filesBelow(join(folder, "out")), []);
  }));
