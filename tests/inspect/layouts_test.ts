import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { readBytes, sha256Hex } from "../../lib/core/mod.ts";
import { inspectSet, proceduralImage } from "../../lib/dataset/mod.ts";
import { writePng } from "../../lib/image/mod.ts";
import { inFolder } from "../core/folder.ts";
import { sharedTest } from "../support.ts";

const picture = (index: number, side: number) => proceduralImage(2, index, { width: side, height: side });

/** A small tree with the layout of each publisher: its files with their sides, and what is found in it. */
const trees: Record<string, {
  readonly files: Readonly<Record<string, number>>;
  readonly set: string;
  /** Truths, low-resolution images and pairs. */
  readonly found: readonly [hr: number, lr: number, pairs: number];
  readonly splits: readonly string[];
  readonly others?: number;
  readonly problems: readonly string[];
}> = {
  "DIV2K with factors that are not used": {
    files: {
      "DIV2K_train_HR/0001.png": 16,
      "DIV2K_valid_HR/0801.png": 16,
      "DIV2K_valid_HR/0802.png": 20,
      "DIV2K_valid_LR_bicubic/X4/0801x4.png": 4,
      "DIV2K_valid_LR_bicubic/X4/0802x4.png": 5,
      "DIV2K_valid_LR_bicubic/X2/0801x2.png": 8,
    },
    set: "div2k",
    found: [3, 2, 2],
    splits: ["train", "valid"],
    others: 1,
    problems: ["train has 1 images, published are 800", "valid has 2 images, published are 100"],
  },
  LSDIR: {
    files: {
      "HR/train/0001000/0000001.png": 16,
      "HR/train/0002000/0001001.png": 16,
      "val1/HR/val/0000001.png": 16,
      "val1/X4/val/0000001x4.png": 4,
      "val1/X2/val/0000001x2.png": 8,
    },
    set: "lsdir",
    found: [3, 1, 1],
    splits: ["train", "val"],
    others: 1,
    problems: ["train has 2 images, published are 84991", "val has 1 images, published are 250"],
  },
  "RealSR V3 with its other factors": {
    files: {
      "Canon/Test/4/Canon_001_HR.png": 16,
      "Canon/Test/4/Canon_001_LR4.png": 4,
      "Canon/Test/2/Canon_001_HR.png": 24,
      "Canon/Test/2/Canon_001_LR2.png": 12,
      "Nikon/Train/4/Nikon_001_HR.png": 16,
      "Nikon/Train/4/Nikon_001_LR4.png": 4,
    },
    set: "realsr",
    found: [2, 2, 2],
    splits: ["Canon Test", "Nikon Train"],
    others: 2,
    problems: ["Canon Test has 1 images, published are 50"],
  },
  DRealSR: {
    files: { "Test_x4/test_HR/P1_x4.png": 16, "Test_x4/test_LR/P1_x1.png": 4, "Train_x4/train_HR/P2_x4.png": 16 },
    set: "drealsr",
    found: [2, 1, 1],
    splits: ["test", "train"],
    problems: ["test has 1 images, published are 93", "train/P2 has no LR image"],
  },
  "crops of StableSR": {
    files: { "test_HR/Canon_003_LR4.png": 512, "test_LR/Canon_003_LR4.png": 128 },
    set: "crops",
    found: [1, 1, 1],
    splits: ["test"],
    problems: [],
  },
  RealLQ250: {
    files: { "lq/001.png": 256, "lq/002.png": 128 },
    set: "reallq250",
    found: [0, 2, 0],
    splits: ["test"],
    problems: ["test has 2 images, published are 250", "1 LR images are not 256 x 256, as published, such as test/002"],
  },
  "frames of old films": {
    files: { "001/0100.png": 8, "001/0101.png": 8, "002/0100.png": 8 },
    set: "old-films",
    found: [0, 3, 0],
    splits: ["frames"],
    problems: [],
  },
  "any folder of pairs, with outputs beside them": {
    files: { "a/gt/1.png": 16, "a/lq/1x4.png": 4, "b/gt/1.png": 16, "b/lq/1_LR4.png": 8, "seesr/1.png": 16 },
    set: "pairs",
    found: [2, 2, 2],
    splits: ["all"],
    others: 1,
    problems: ["Cannot pair all/b/1 as HR must have four times the sides of LR: current value is 8 x 8 for 16 x 16"],
  },
  "any folder of images": {
    files: { "1.png": 16, "inside/2.png": 18 },
    set: "any",
    found: [2, 0, 0],
    splits: ["all"],
    problems: ["1 HR images have sides that are no multiples of 4, such as all/inside/2"],
  },
};

for (const [title, { files, set, found, splits, others = 0, problems }] of Object.entries(trees)) {
  Deno.test(`inspectSet() recognises ${title}: count, pairing, ratio and sides`, () =>
    inFolder(async (folder) => {
      const sides = Object.entries(files);
      for (const [i, [file, side]] of sides.entries()) await writePng(join(folder, file), picture(i, side));
      const inspection = await inspectSet(folder);
      assertEquals(inspection.set, set);
      const ids = (role: string) => inspection.files.filter((file) => file.role === role).map(({ id }) => id);
      const [hr, lr] = [ids("hr"), ids("lr")];
      assertEquals([hr.length, lr.length, hr.filter((id) => lr.includes(id)).length], found);
      assertEquals([...new Set([...hr, ...lr].map((id) => id.slice(0, id.indexOf("/"))))].sort(), splits);
      assertEquals([inspection.others.length, inspection.faults], [others, []]);
      assertEquals(inspection.problems, problems);
      for (const { file, sha256, width } of inspection.files) {
        assertEquals([sha256Hex(await readBytes(join(folder, file))), width], [sha256, files[file]]);
      }
    }));
}

for (
  const [path, set, found] of [
    ["realsr_canon10", "pairs", [10, 10, 10]],
    ["real_pairs", "city100", [20, 20, 0]],
    ["real_lr_oldfilms", "old-films", [0, 8, 0]],
  ] as const
) {
  sharedTest(`inspectSet() finds nothing wrong with ${path}`, `images/${path}`, async (folder) => {
    const inspection = await inspectSet(folder);
    const count = (role: string) => inspection.files.filter((file) => file.role === role).length;
    assertEquals([inspection.set, count("hr"), count("lr"), inspection.others.length], [set, ...found]);
    assertEquals([inspection.faults, inspection.problems], [[], []]);
  });
}
