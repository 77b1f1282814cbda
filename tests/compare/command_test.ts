import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { readImage } from "asasr/image/mod.ts";
import { start } from "../cli/process.ts";
import { inStudyFolder, methods } from "../study/study_folders.ts";

Deno.test("compare writes PNG and SVG of several rows, and says what is wrong", () =>
  inStudyFolder(2, async (root) => {
    const [a, b, lr] = [methods[1], methods[2], "lr"].map((name) => join(root, name)), hr = join(root, methods[0]);
    const out = join(root, "grids", "fig1.png");
    const run = (...args: string[]) => start("lib/cli/compare.ts", [...args, "--out", out]).outcome;
    const images = ["--image", "image-0@8,16,48,40", "--image", "image-1"], folders = ["--sr", `Ours=${a}`, "--sr", b];
    const { code, stdout, stderr } = await run(...images, ...folders, "--lr", lr, "--hr", hr, "--enlarge", "bicubic");
    assertEquals([code, stdout.split(":")[0]], [0, "2 rows of 4 columns"], stderr.join("\n"));
    const svg = await Deno.readTextFile(out.replace("png", "svg")), { image } = await readImage(out);
    assertEquals(svg.match(/<image /g)!.length, 2 * 5);
    for (const name of ["LR", "Ours", methods[2], "HR", "image-0", "image-1"]) {
      assert(svg.includes(`aria-label="${name}"`));
    }
    assert(svg.startsWith(`<svg xmlns="http://www.w3.org/2000/svg" width="${image.width}" height="${image.height}"`));
    const found = join(root, "found.json");
    await Deno.writeTextFile(found, "[]");
    for (
      const [args, exit, part] of [
        [folders, 64, "--image must be given"],
        [images, 64, "--sr must be given"],
        [[...images, "--sr", a, "--sr", a], 64, "a name of its own"],
        [[...images, ...folders, "--detections", `Ours=${found}`], 64, "--annotations must name"],
        [[...images, ...folders, "--texts", `Other=${found}`], 65, "found.json"],
        [[...images, ...folders, "--labels", `Other=${a}`], 64, "must name one of Ours"],
        [[...images, ...folders, "--enlarge", "lanczos"], 64, "nearest, bicubic"],
        [["--image", "image-9", ...folders], 65, "Cannot compare image-9"],
        [["--image", "image-0@0,0,97,96", ...folders], 65, "0,0,97,96"],
        [["--image", "image-0@0,0,97", ...folders], 64, "ID@X,Y,WIDTH,HEIGHT: current value is image-0@0,0,97"],
      ] as const
    ) {
      const { code, stderr } = await run(...args);
      assertEquals(code, exit, stderr.join("\n"));
      assert(stderr.at(-1)!.includes(part), stderr.join("\n"));
    }
  }));
