import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import { readImage } from "asasr/image/mod.ts";
import { hfRatio, psdDistance, setSpectrum } from "asasr/metrics/mod.ts";
import { inFolder } from "../core/folder.ts";
import { evaluate, folders, picture, result } from "./command.ts";

const psnr = ["--hr", "hr", "--metrics", "psnr"];

Deno.test("evaluate tells folders of one name apart, and keeps their paths, contents and factors", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await Deno.mkdir(join(folder, "low"));
    for (let i = 0; i < 4; i++) await picture(i, 24, 20, 0).png().toFile(join(folder, `low/${i}.png`));
    await Deno.rename(join(folder, "sr"), join(folder, "bicubic"));
    const { code, out } = await evaluate(folder, "--sr", "bicubic", ...psnr, "--lr", "low");
    assertEquals(code, 0);
    assert(out.includes("bicubic#2: low enlarged x2 as MATLAB does"), out);
    const { folders: [first, second], truths } = await result(folder);
    assertEquals([first.name, first.path, first.factors], ["bicubic", "bicubic", null]);
    assertEquals([second.name, second.path, second.factors], ["bicubic#2", "low", [2]]);
    const hashes = [first, second, truths!].map(({ hash }) => hash);
    assert(new Set(hashes).size === 3 && hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash!)), hashes.join());
    const csv = await Deno.readTextFile(join(folder, "evaluation/evaluation.csv"));
    assertEquals(csv.split("\r\n").filter((line) => line.startsWith("bicubic#2,")).length, 4);
  }));

Deno.test("evaluate takes no image of the truth's size for a low-resolution one", () =>
  inFolder(async (folder) => {
    await folders(folder);
    assertEquals((await evaluate(folder, "--sr", "sr", ...psnr, "--lr", "hr")).code, 65);
    const { folders: [, low], faults } = await result(folder);
    assertEquals([low.perImage.psnrDb, low.factors, faults.length], [[null, null, null, null], [], 4]);
    assert(faults[0].reason.includes("twice or more: 48 x 40, truth 48 x 40"), faults[0].reason);
  }));

Deno.test("evaluate pairs names with a suffix or a prefix, and says which would pair them", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await Deno.mkdir(join(folder, "negatives"));
    for (let i = 0; i < 4; i++) {
      await Deno.copyFile(join(folder, `other/${i}.png`), join(folder, `negatives/w_all_${i}.png`));
      await Deno.rename(join(folder, `sr/${i}.png`), join(folder, `sr/${i}_out.png`));
    }
    const strange = await evaluate(folder, "--sr", "sr", ...psnr);
    assertEquals(strange.code, 65);
    assert(strange.errors.includes("such as 0_out and 0 (--suffix _out pairs them)"), strange.errors);
    const refused = await evaluate(folder, "--sr", "negatives", ...psnr);
    assert(refused.errors.includes("(--prefix w_all_ pairs them)"), refused.errors);
    const affixes = ["--suffix", "_SwinIR,_out", "--prefix", "w_all_"];
    const { code, errors } = await evaluate(folder, "--sr", "sr", "--sr", "negatives", ...psnr, ...affixes);
    assertEquals(code, 0, errors);
    const { images, folders: found } = await result(folder);
    assertEquals(images, ["0", "1", "2", "3"]);
    assertEquals(found.map(({ summary }) => summary.psnrDb.count), [4, 4]);
    await Deno.copyFile(join(folder, "hr/0.png"), join(folder, "sr/0.png"));
    const twice = await evaluate(folder, "--sr", "sr", ...psnr, "--suffix", "_out", "--out", "b");
    assertEquals(twice.code, 65);
    assert(twice.errors.includes("0 must have one file"), twice.errors);
  }));

Deno.test("evaluate leaves an image without a truth out of every metric, and says so once", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await Deno.writeTextFile(join(folder, "sr/empty.png"), "");
    await Deno.remove(join(folder, "hr/0.png"));
    const model = { mu_pris_param: new Array(36).fill(1), cov_pris_param: new Array(36).fill(new Array(36).fill(0)) };
    await Deno.writeTextFile(join(folder, "niqe_pris_params.json"), JSON.stringify(model));
    const args = ["--sr", "sr", "--hr", "hr", "--metrics", "psnr,niqe", "--weights", "."];
    assertEquals((await evaluate(folder, ...args)).code, 65);
    const { folders: [sr], faults } = await result(folder);
    assertEquals(sr.perImage.psnrDb.map((value) => value !== null), [false, true, true, true, false]);
    const whole = faults.filter(({ metric }) => metric === undefined).map(({ file }) => file);
    assertEquals(whole.sort(), ["sr/0.png", "sr/empty.png"]);
    assertEquals(faults.filter(({ metric, file }) => metric === "niqe" && file === "sr/0.png"), []);
  }));

Deno.test("evaluate reports an infinite PSNR without a fault, and leaves it out of the mean", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await Deno.copyFile(join(folder, "hr/1.png"), join(folder, "sr/1.png"));
    const { code, out } = await evaluate(folder, "--sr", "sr", ...psnr, "--protocol", "basicsr");
    assertEquals(code, 0);
    assert(out.includes("(3 of 4, 1 infinite)"), out);
    const { folders: [sr], faults } = await result(folder);
    assertEquals([sr.infinite, sr.perImage.psnrDb[1], sr.summary.psnrDb.count, faults], [
      { psnrDb: ["1"] },
      null,
      3,
      [],
    ]);
    const csv = await Deno.readTextFile(join(folder, "evaluation/evaluation.csv"));
    assert(csv.includes("sr,1,inf,basicsr v1"), csv);
  }));

Deno.test("evaluate measures spectra of whole folders, with an interval over images", () =>
  inFolder(async (folder) => {
    await folders(folder);
    const args = ["--sr", "sr", "--sr", "hr", "--hr", "hr", "--metrics", "hfRatio,psdDistance"];
    const { code, out, errors } = await evaluate(folder, ...args);
    assertEquals(code, 0, errors);
    assert(out.includes("HF ratio") && out.includes("PSD distance") && out.includes("Hann window"), out);
    const { folders: [sr, same], truths, comparisons } = await result(folder);
    const read = async (name: string) =>
      await Promise.all([0, 1, 2, 3].map(async (i) => (await readImage(join(folder, name, `${i}.png`))).image));
    const [ours, theirs] = [await read("sr"), await read("hr")];
    const { hfRatio: ratio, psdDistanceDb: distance } = sr.summary;
    assertAlmostEquals(ratio.mean!, hfRatio(ours, theirs), 1e-9 * ratio.mean!);
    assertAlmostEquals(distance.mean!, psdDistance(ours, theirs), 1e-9);
    for (const { mean, low, high, count } of [ratio, distance]) assert(low! < mean! && mean! < high! && count === 4);
    const { mean, low, high } = same.summary.psdDistanceDb;
    assertEquals([same.summary.hfRatio.mean, mean, low, high], [1, 0, 0, 0]);
    const { frequency, power } = setSpectrum(theirs);
    assertEquals(truths!.spectrum, { frequency, power });
    assertEquals([sr.spectrum!.power.length, comparisons], [power.length, []]);
  }));

Deno.test("evaluate has no spectra of images of different sizes, and says why", () =>
  inFolder(async (folder) => {
    await folders(folder);
    for (const name of ["sr", "hr"]) await picture(2, 48, 44, 5).png().toFile(join(folder, name, "2.png"));
    const { code, out } = await evaluate(folder, "--sr", "sr", "--hr", "hr", "--metrics", "psnr,hfRatio");
    assertEquals(code, 0);
    assert(out.includes("hfRatio: not available: needs truths, and images of one shorter side"), out);
    assertEquals((await result(folder)).folders[0].summary.hfRatio.mean, null);
  }));

Deno.test("evaluate keeps one protocol, one truth and all its folders in a place", () =>
  inFolder(async (folder) => {
    await folders(folder);
    assertEquals((await evaluate(folder, "--sr", "sr", ...psnr)).code, 0);
    assertEquals((await evaluate(folder, "--sr", "sr", "--sr", "other", "--hr", "hr", "--metrics", "ssim")).code, 0);
    for (
      const [args, reason] of [
        [
          ["--sr", "sr", "--sr", "other", ...psnr, "--protocol", "pyiqa"],
          "protocol paper v1: current value is pyiqa v1",
        ],
        [["--sr", "sr", "--sr", "other", "--hr", "sr", "--metrics", "psnr"], "truths hr: current value is sr"],
        [["--sr", "sr", ...psnr], "results of other: current value is sr"],
      ] as const
    ) {
      const { code, errors } = await evaluate(folder, ...args);
      assertEquals(code, 64);
      assert(errors.includes(reason) && errors.includes("name another --out"), errors);
    }
    await evaluate(folder, "--sr", "nowhere", ...psnr, "--out", "unused");
    assertEquals(await Deno.stat(join(folder, "unused")).catch(() => null), null, "nothing is left of a refused run");
  }));

Deno.test("evaluate tells which network of a protocol it has not", () =>
  inFolder(async (folder) => {
    await folders(folder);
    const { out } = await evaluate(folder, "--sr", "sr", "--hr", "hr", "--protocol", "osediff");
    assert(out.includes("clipiqa: protocol osediff takes CLIP-IQA RN50 with fixed prompts"), out);
  }));
