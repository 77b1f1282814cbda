import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { inFolder } from "../core/folder.ts";
import { evaluate, folders, result } from "./command.ts";

Deno.test("evaluate compares two folders, prints the protocol, and goes on where it stopped", () =>
  inFolder(async (folder) => {
    await folders(folder);
    const args = [
      "--sr",
      "sr",
      "--sr",
      "other",
      "--hr",
      "hr",
      "--metrics",
      "psnrDb,ssim,niqe",
      "--protocol",
      "basicsr",
    ];
    const { code, out, errors } = await evaluate(folder, ...args);
    assertEquals([code, errors], [
      0,
      "Memory needed for images of up to 48 x 40, about, one after the other: metrics of pixels 0.313 GiB\n",
    ]);
    for (
      const part of [
        "Protocol basicsr v1",
        "4 px cropped",
        "Memory:",
        "Spearman",
        "p (Holm)",
        "niqe: not available: needs niqe_pris_params.json",
      ]
    ) {
      assert(out.includes(part), `${part} in ${out}`);
    }
    const found = await result(folder), [sr, other] = found.folders;
    assertEquals([found.protocol.name, found.images.length, found.faults], ["basicsr", 4, []]);
    assert(sr.summary.psnrDb.mean! > other.summary.psnrDb.mean!);
    const [comparison] = found.comparisons;
    assert(comparison.low! > 0 && comparison.pHolm < 0.05 && comparison.count === 4);
    assertEquals((await Deno.readTextFile(join(folder, "evaluation/evaluation.csv"))).split("\r\n").length, 10);
    // An interrupted run left half a line; a value that is known is not measured again.
    const cache = join(folder, "evaluation/measured.jsonl"), lines = (await Deno.readTextFile(cache)).split("\n");
    const [key] = JSON.parse(lines[0]);
    await Deno.writeTextFile(
      cache,
      [JSON.stringify([key, 12.5]), ...lines.slice(1, 3), lines[3].slice(0, 20)].join("\n"),
    );
    await evaluate(folder, ...args);
    const again = await result(folder);
    assertEquals(again.folders[0].perImage.psnrDb, [12.5, ...sr.perImage.psnrDb.slice(1)]);
    assertEquals(again.folders[1].perImage, other.perImage);
  }));

Deno.test("evaluate refuses wrong options with 64", () =>
  inFolder(async (folder) => {
    for (
      const args of [[], ["--sr", "x", "--metrics", "psnr"], ["--sr", "x", "--metrics", "hfRatio"], [
        "--sr",
        "x",
        "--metrics",
        "ssim",
      ], [
        "--sr",
        "x",
        "--lr",
        "y",
      ]]
    ) {
      assertEquals((await evaluate(folder, ...args)).code, 64);
    }
    assertEquals((await evaluate(folder, "--list")).code, 0);
  }));
