import { join } from "node:path";
import { proceduralImage } from "asasr/dataset/mod.ts";
import { createRaster, type Raster, resizeBicubic, writePng } from "asasr/image/mod.ts";

/** Methods of the studies in tests, the best first. */
export const methods = ["Truth-like-secret", "Smooth-secret", "Dark-secret"];

/** A folder `lr` and one for every method, of procedural images of 96 px. */
export async function writeStudyFolders(root: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const truth = proceduralImage(7, index, { width: 96, height: 96 }), low = resizeBicubic(truth, 0.25);
    const smooth = resizeBicubic(low, 4), dark = mapped(truth, (value) => 0.5 * value);
    await writePng(join(root, "lr", `image-${index}.png`), low);
    for (const [m, result] of [truth, smooth, dark].entries()) {
      await writePng(join(root, methods[m], `image-${index}.png`), result);
    }
  }
}

/** Runs a test in a folder that is removed after it. */
export async function inStudyFolder(count: number, fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await writeStudyFolders(folder, count);
    await fn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What `openStudy` takes for such a folder. */
export function studyOptions(folder: string) {
  return {
    methods: methods.map((name) => ({ name, path: join(folder, name) })),
    low: join(folder, "lr"),
    out: join(folder, "out"),
  };
}

function mapped(r: Raster, f: (value: number) => number): Raster {
  return createRaster(r, r.channels, r.data.map(f));
}
