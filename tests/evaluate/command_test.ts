import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import type { FolderEvaluation } from "asasr/experiment/mod.ts";
import { inFolder } from "../core/folder.ts";

const root = join(import.meta.dirname!, "../..");

async function evaluate(folder: string, ...args: string[]): Promise<{ code: number; out: string; errors: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", join(root, "deno.json"), join(root, "lib/cli/evaluate.ts"), ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  return { code, out: new TextDecoder().decode(stdout), errors: new TextDecoder().decode(stderr) };
}

const result = async (folder: string): Promise<FolderEvaluation> =>
  JSON.parse(await Deno.readTextFile(join(folder, "evaluation/evaluation.json")));

/** A picture of smooth waves, `strength` levels of deterministic noise on top. */
function picture(seed: number, width: number, height: number, strength: number): Sharp {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const x = Math.floor(i / 3) % width, y = Math.floor(i / 3 / width);
    const noise = Math.sin(i * 12.9898 + seed) * 43758.5453;
    return 128 + 60 * Math.sin(x / (5 + seed)) * Math.cos(y / (7 + i % 3)) +
      strength * (noise - Math.floor(noise) - 0.5);
  });
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function folders(folder: string): Promise<void> {
  for (const name of ["sr", "other", "hr"]) await Deno.mkdir(join(folder, name));
  for (let i = 0; i < 4; i++) {
    for (const [name, strength] of [["hr", 0], ["sr", 10 + i], ["other", 40 - i]] as const) {
      await picture(i, 48, 40, strength).png().toFile(join(folder, name, `${i}.png`));
    }
  }
}

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
    assertEquals([code, errors], [0, ""]);
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

Deno.test("evaluate reports what it cannot use, does the rest, and ends with 65", () =>
  inFolder(async (folder) => {
    await folders(folder);
    const at = (name: string) => join(folder, name);
    await Deno.writeTextFile(at("sr/1.png"), "not an image");
    await picture(2, 44, 40, 5).png().toFile(at("other/2.png"));
    await picture(9, 48, 40, 5).png().toFile(at("sr/extra.png"));
    await Deno.remove(at("sr/0.png"));
    await picture(0, 48, 40, 9).toColourspace("cmyk").jpeg().toFile(at("sr/0.jpg"));
    await picture(3, 48, 40, 9).png({ palette: true }).toFile(at("sr/3.png"));
    await picture(3, 48, 40, 0).toColourspace("rgb16").png().toFile(at("hr/3.png"));
    const { code, out, errors } = await evaluate(
      folder,
      "--sr",
      "sr",
      "--sr",
      "other",
      "--hr",
      "hr",
      "--metrics",
      "psnrDb",
    );
    assertEquals([code, errors.split("\n").length], [65, 2], errors);
    const { faults, folders: [sr, other], images, notes } = await result(folder);
    assertEquals(images, ["0", "1", "2", "3", "extra"]);
    const faulty = (name: string) => faults.filter(({ file }) => file.endsWith(name)).map(({ reason }) => reason);
    assert(faulty("sr/1.png")[0].includes("not an image") || faulty("sr/1.png")[0].includes("must be PNG"));
    assert(faulty("other/2.png")[0].includes("44 x 40, truth 48 x 40"));
    assert(faulty("sr/extra.png")[0].includes("hr has no image of this name"));
    assertEquals(sr.perImage.psnrDb.map((value) => value !== null), [true, false, true, true, false]);
    assertEquals(other.perImage.psnrDb.map((value) => value !== null), [true, true, false, true, false]);
    for (const note of ["CMYK converted", "palette expanded", "16-bit samples"]) {
      assert(notes.join().includes(note), note);
    }
    assert(out.includes("Left out:"));
  }));

Deno.test("evaluate takes one image, and says why NIQE has no score", () =>
  inFolder(async (folder) => {
    for (const name of ["sr", "small"]) await Deno.mkdir(join(folder, name));
    await sharp({ create: { width: 96, height: 96, channels: 3, background: "#808080" } }).png().toFile(
      join(folder, "sr/flat.png"),
    );
    await picture(1, 95, 120, 9).png().toFile(join(folder, "small/one.png"));
    const model = {
      mu_pris_param: new Array(36).fill(1),
      cov_pris_param: Array.from({ length: 36 }, (_, i) => new Array(36).fill(0).map((_, j) => Number(i === j))),
    };
    await Deno.writeTextFile(join(folder, "niqe_pris_params.json"), JSON.stringify(model));
    for (const [name, reason] of [["sr", "the score is NaN"], ["small", "at least 96 px: current size is 95 x 120"]]) {
      assertEquals((await evaluate(folder, "--sr", name, "--weights", ".")).code, 65);
      const { faults, folders: [only] } = await result(folder);
      assertEquals([only.perImage.niqe, only.summary.niqe.count], [[null], 0]);
      assert(faults[0].metric === "niqe" && faults[0].reason.includes(reason), faults[0].reason);
    }
  }));

Deno.test("evaluate refuses wrong options with 64", () =>
  inFolder(async (folder) => {
    for (
      const args of [[], ["--sr", "x", "--metrics", "psnr"], ["--sr", "x", "--metrics", "ssim"], [
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
