import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { encodeTensors, type HostTensor, rng } from "asasr/core/mod.ts";
import { alexnet, lpipsHeadShapes } from "asasr/metrics/networks/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close, nativeAvailable } from "../support.ts";
import { evaluate, folders, result } from "./command.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Random weights, small enough that nothing overflows. */
async function writeWeights(path: string, shapes: Shapes, value?: number): Promise<void> {
  const tensors = Object.entries(shapes).map(([name, shape], i): [string, HostTensor] => {
    const size = shape.reduce((product, side) => product * side, 1);
    const data = rng(4, "weights", i).normals(size).map((x) => value ?? Math.abs(x) / 20);
    return [name, { shape: [...shape], data }];
  });
  await Deno.writeFile(path, encodeTensors(Object.fromEntries(tensors)));
}

async function weights(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "w"));
  await writeWeights(join(folder, "w/alexnet.safetensors"), alexnet().shapes);
  await writeWeights(join(folder, "w/lpips_lin_v0.1_alex.safetensors"), lpipsHeadShapes(alexnet()));
}

const args = ["--sr", "sr", "--sr", "other", "--hr", "hr", "--weights", "w"];
const values = async (folder: string) => (await result(folder)).folders.map(({ perImage }) => perImage.lpipsAlex);

Deno.test("evaluate measures a network on either engine, and says what the others need", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await weights(folder);
    const found: (readonly (number | null)[])[][] = [];
    for (const engine of nativeAvailable ? ["cpu", "wasm"] : ["wasm"]) {
      const asked = ["--metrics", "psnrDb,lpipsAlex,lpipsVgg,maniqa", "--protocol", "osediff", "--engine", engine];
      const { code, out, errors } = await evaluate(folder, ...args, ...asked, "--out", "evaluation");
      assertEquals(code, 0, errors);
      for (const part of ["Engine: ", "images of up to 48 x 40", "metrics of pixels 0.313 GiB, LPIPS (Alex) 0.4"]) {
        assert(errors.includes(part), `${part} in ${errors}`);
      }
      for (
        const part of [
          "checkpoints: lpips v0.1 alex", // of what was measured, and of nothing else
          "maniqaPipal: not available: needs maniqa_pipal.safetensors",
          "lpipsVgg: not available: needs vgg16.safetensors, lpips_lin_v0.1_vgg.safetensors",
          "maniqa_pipal.safetensors: MANIQA_PIPAL",
          "data/README.md",
        ]
      ) assert(out.includes(part), `${part} in ${out}`);
      assert(/LPIPS \(VGG\).*not available +not available/.test(out) && !out.includes("maniqa pipal"), out);
      found.push(await values(folder));
    }
    assert(found[0].flat().every((value) => value !== null && value > 0));
    for (const other of found.slice(1)) close(other as number[][], found[0] as number[][], { relative: 1e-4 });
    const { metrics, missing, engine, weights: hashes } = await result(folder);
    assertEquals(metrics.map(({ unavailable }) => unavailable === null), [true, true, false, false]);
    assertEquals(metrics[3].unavailable, "not available: needs maniqa_pipal.safetensors");
    assertEquals([missing.length, Object.keys(hashes).length], [3, 2]);
    assert(engine!.includes("WebAssembly"));
    const csv = await Deno.readTextFile(join(folder, "evaluation/evaluation.csv"));
    assertEquals(csv.split("\r\n").slice(1, -1).map((line) => line.split(",").slice(-2)[0]), new Array(8).fill(""));
  }));

Deno.test("evaluate keeps what a network gave, and measures again with other weights", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await weights(folder);
    const asked = [...args, "--metrics", "lpipsAlex", "--engine", "wasm"];
    await evaluate(folder, ...asked);
    const first = await values(folder), cache = join(folder, "evaluation/measured.jsonl");
    const lines = (await Deno.readTextFile(cache)).trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.length, 8);
    await Deno.writeTextFile(cache, lines.map(([key], i) => JSON.stringify([key, i]) + "\n").join(""));
    assertEquals((await evaluate(folder, ...asked)).code, 0);
    assertEquals(await values(folder), [[0, 2, 4, 6], [1, 3, 5, 7]]); // image by image, folder by folder
    await writeWeights(join(folder, "w/lpips_lin_v0.1_alex.safetensors"), lpipsHeadShapes(alexnet()), 0.5);
    await evaluate(folder, ...asked);
    assert((await values(folder)).flat().every((value, i) => value !== null && value !== first.flat()[i] && value > 0));
  }));

Deno.test("evaluate reports scores that are not numbers, and refuses a file of other tensors", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await weights(folder);
    const heads = join(folder, "w/lpips_lin_v0.1_alex.safetensors");
    const asked = [...args, "--metrics", "psnrDb,lpipsAlex", "--engine", "wasm"];
    await writeWeights(heads, lpipsHeadShapes(alexnet()), NaN);
    assertEquals((await evaluate(folder, ...asked)).code, 65);
    const { faults, folders: [sr] } = await result(folder);
    assertEquals([faults.length, faults[0].reason, sr.summary.psnrDb.count], [8, "the score is NaN", 4]);
    await writeWeights(heads, { strange: [2] });
    const { code, errors } = await evaluate(folder, ...asked);
    assertEquals(code, 65);
    assert(errors.includes("1 unmatched: strange"), errors);
    const none = await evaluate(folder, "--sr", "sr", "--weights", "nowhere");
    assertEquals(none.code, 65);
    assert(none.errors.includes("--weights must name a folder: current value is nowhere"), none.errors);
  }));
