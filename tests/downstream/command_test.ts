import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import { parseCsv } from "asasr/core/mod.ts";
import type { DownstreamResults, DownstreamTask } from "asasr/experiment/mod.ts";
import { inFolder } from "../core/folder.ts";
import { runScript } from "../core/script.ts";
import { goldenPath } from "../support.ts";

const script = join(import.meta.dirname!, "../../lib/cli/downstream.ts");

/** pycocotools, mmseg's and PaddleOCR's definitions in NumPy and Shapely. */
const golden = JSON.parse(await Deno.readTextFile(goldenPath("metrics/tasks.json")));
type Region = { points: number[][]; ignore?: boolean };
type Detection = { segmentation?: unknown; bbox?: unknown };

const downstream = (folder: string, ...args: string[]) => runScript(script, folder, args);

async function scores(folder: string, task: DownstreamTask, method: string): Promise<Record<string, number | null>> {
  const found: DownstreamResults = JSON.parse(await Deno.readTextFile(join(folder, "downstream/downstream.json")));
  return found.entries.find((entry) => entry.task === task && entry.method === method)!.scores;
}

const write = (folder: string, name: string, value: unknown) =>
  Deno.writeTextFile(join(folder, name), typeof value === "string" ? value : JSON.stringify(value));

Deno.test("downstream --task coco gives pycocotools' numbers, in table, JSON and CSV", () =>
  inFolder(async (folder) => {
    const { gt, dt, stats } = golden.coco;
    await write(folder, "gt.json", gt);
    await write(folder, "dt.json", dt);
    await write(folder, "boxes.json", dt.map(({ segmentation: _, ...rest }: Detection) => rest));
    const predictions = ["--predictions", "asasr=dt.json", "--predictions", "boxes.json"];
    const { code, out, errors } = await downstream(
      folder,
      "--task",
      "coco",
      "--annotations",
      "gt.json",
      ...predictions,
    );
    assertEquals([code, errors], [0, ""]);
    const found = await scores(folder, "coco", "asasr");
    for (const [kind, key] of [["box", "bbox"], ["mask", "segm"]]) {
      for (const [name, value] of Object.entries<number>(stats[key])) {
        if (value < 0) assertEquals(found[`${kind} ${name}`], null);
        else assertAlmostEquals(found[`${kind} ${name}`]!, value, 1e-9, name);
      }
    }
    const boxes = await scores(folder, "coco", "boxes");
    assertAlmostEquals(boxes["box AP"]!, stats.bbox.AP, 1e-9);
    assertEquals(boxes["mask AP"], null); // never replaced by the boxes'
    const percent = (100 * stats.segm.AP50).toFixed(2);
    assert(new RegExp(`AP50 mask.↑ +${percent} +–`).test(out), out);
    assert(out.includes("Object Detection") && out.includes("ASASR") && !out.includes("mIoU"), out);
    const rows = parseCsv(await Deno.readTextFile(join(folder, "downstream/downstream.csv")), "csv");
    const row = rows.find(([task, method, score]) => task === "coco" && method === "asasr" && score === "box AP75")!;
    assertAlmostEquals(Number(row[3]), stats.bbox.AP75, 1e-9);
  }));

for (const layout of ["PaddleOCR's file", "ICDAR's folder"] as const) {
  Deno.test(`downstream --task ocr gives PaddleOCR's numbers from ${layout}`, () =>
    inFolder(async (folder) => {
      for (const key of ["gt", "det"] as const) {
        const images: Region[][] = golden.ocr.images.map((image: Record<string, Region[]>) => image[key]);
        const text = (ignore?: boolean) => key === "gt" ? ignore ? "###" : "a, b" : "";
        if (layout === "PaddleOCR's file") {
          const line = (regions: Region[], i: number) =>
            `${key}/img_${i}.jpg\t` +
            JSON.stringify(regions.map(({ points, ignore }) => ({ points, transcription: text(ignore) }))) + "\n";
          await write(folder, key, images.map(line).join(""));
          continue;
        }
        await Deno.mkdir(join(folder, key));
        for (const [i, regions] of images.entries()) {
          const lines = regions.map(({ points, ignore }) => `${points.flat().join(",")},${text(ignore)}\r\n`);
          await write(folder, `${key}/${key === "gt" ? "gt" : "res"}_img_${i}.txt`, "\ufeff" + lines.join(""));
        }
      }
      for (const overlap of [50, 70]) {
        const args = ["--annotations", "gt", "--predictions", "ours=det", "--overlap", `${overlap}`];
        const { code, errors } = await downstream(folder, "--task", "ocr", ...args);
        assertEquals([code, errors], [0, ""]); // the only method may be scored again in another way
        const found = await scores(folder, "ocr", "ours"), expected = golden.ocr[`result_iou${overlap / 100}`];
        for (const key of ["precision", "recall", "hmean"]) assertAlmostEquals(found[key]!, expected[key], 1e-9, key);
      }
      const args = ["--annotations", "gt", "--predictions", "theirs=det"];
      const other = await downstream(folder, "--task", "ocr", ...args);
      assertEquals(other.code, 65);
      assert(other.errors.includes("ours has others (OCR: detection, overlap above 0.7"), other.errors);
    }));
}

async function writeLabels(path: string, rows: number[][], options: { palette?: boolean } = {}): Promise<void> {
  const raw = { width: rows[0].length, height: rows.length, channels: 1 as const };
  await sharp(Uint8Array.from(rows.flat()), { raw }).toColourspace("b-w").png(options).toFile(path);
}

async function segmentationFolders(folder: string): Promise<void> {
  for (const name of ["labels", "ours"]) await Deno.mkdir(join(folder, name));
  for (const [i, { label, pred }] of golden.miou.cases.entries()) {
    await writeLabels(join(folder, `labels/${i}.png`), label);
    await writeLabels(join(folder, `ours/${i}.png`), pred);
  }
}
const segmentation = ["--task", "segmentation", "--labels", "labels", "--predictions", "ours", "--classes"];

Deno.test("downstream --task segmentation gives mmseg's numbers", () =>
  inFolder(async (folder) => {
    await segmentationFolders(folder);
    const { code, out, errors } = await downstream(folder, ...segmentation, "7", "--labels-from", "0");
    assertEquals([code, errors], [0, ""]);
    const found = await scores(folder, "segmentation", "ours"), expected = golden.miou.dataset_level;
    assertAlmostEquals(found.mIoU!, expected.mIoU, 1e-9);
    assertAlmostEquals(found.PixAcc!, expected["aAcc(PixAcc)"], 1e-9);
    assertAlmostEquals(found.mAcc!, expected.mAcc, 1e-9);
    assert(/mIoU.↑ +56\.48/.test(out) && /PixAcc.↑ +71\.16/.test(out), out);
  }));

Deno.test("downstream reads ADE20K's labels: 0 is ignored, the rest moves down", () =>
  inFolder(async (folder) => {
    for (const name of ["labels", "ours"]) await Deno.mkdir(join(folder, name));
    await writeLabels(join(folder, "labels/a.png"), [[0, 1, 150, 2]]);
    await writeLabels(join(folder, "ours/a.png"), [[7, 0, 149, 0]]);
    assertEquals((await downstream(folder, ...segmentation, "150")).code, 0);
    assertAlmostEquals((await scores(folder, "segmentation", "ours")).PixAcc!, 2 / 3, 1e-12);
  }));

Deno.test("downstream leaves label maps out that it cannot use, does the rest, and ends with 65", () =>
  inFolder(async (folder) => {
    await segmentationFolders(folder);
    const [first] = golden.miou.cases;
    await writeLabels(join(folder, "ours/1.png"), first.pred, { palette: true });
    await writeLabels(join(folder, "labels/small.png"), [[1, 2]]);
    await writeLabels(join(folder, "ours/small.png"), [[1], [2]]);
    await writeLabels(join(folder, "labels/wrong.png"), [[99]]);
    await writeLabels(join(folder, "ours/wrong.png"), [[1]]);
    await writeLabels(join(folder, "labels/alone.png"), [[1]]);
    await writeLabels(join(folder, "ours/extra.png"), [[1]]);
    await Deno.writeTextFile(join(folder, "labels/2.png"), "no image");
    const { code, out } = await downstream(folder, ...segmentation, "7", "--labels-from", "0");
    assertEquals(code, 65);
    for (
      const part of [
        "without palette, alpha or profile: current value is palette expanded to RGB",
        "2 x 1",
        "there are 7 classes: current label is 99",
        "alone.png: Cannot score it as ours has no map of this name",
        "extra.png: labels has no labels of this name",
        "labels/2.png: Cannot read",
      ]
    ) assert(out.includes(part), `${part} in ${out}`);
    assert((await scores(folder, "segmentation", "ours")).mIoU! > 0);
  }));

Deno.test("downstream --task study gives Top-k shares and mean ranks (Eq. 47)", () =>
  inFolder(async (folder) => {
    const { methods, ranks, topk, mean_rank } = golden.user_study;
    const rows = ranks.map((row: number[], i: number) => `${Math.floor(i / 20)},${i % 20},${row.join()}`);
    await write(folder, "ranks.csv", `person,image,${methods.join()}\n${rows.join("\n")}\n`);
    const { code, out, errors } = await downstream(folder, "--task", "study", "--ranks", "ranks.csv");
    assertEquals([code, errors], [0, ""]);
    for (const [m, method] of methods.entries()) {
      const found = await scores(folder, "study", method);
      topk[method].forEach((share: number, k: number) => assertAlmostEquals(found[`Top-${k + 1}`]!, share, 1e-9));
      assertAlmostEquals(found["mean rank"]!, mean_rank[m], 1e-9);
      assert(found["Top-1 low"]! <= found["Top-1"]! && found["Top-1"]! <= found["Top-1 high"]!);
    }
    assert(/ASASR +72\.25 \[.*\] +89\.00 \[/.test(out) && !out.includes("The paper"), out);
    const beside = await downstream(folder, "--task", "study", "--ranks", "ranks.csv", "--paper");
    assert(beside.out.includes("ASASR Top-1 91.10"), beside.out);
    await write(folder, "part.csv", "person,image,A,B\n1,1,1,2\n1,2,2,1\n2,1,1,1\n");
    const part = await downstream(folder, "--task", "study", "--ranks", "part.csv", "--out", "part");
    assert(part.out.includes("3 of 4 groups were ranked"), part.out);
    assert(part.out.includes("1 of 3 groups share ranks"), part.out);
    assert(!out.includes("share ranks"), out);
  }));

Deno.test("downstream says which detections do not count, and where nothing is asked for", () =>
  inFolder(async (folder) => {
    const { gt, dt } = golden.coco;
    await write(folder, "gt.json", gt);
    await write(folder, "dt.json", [...dt, { ...dt[0], category_id: 99 }]);
    const coco = ["--task", "coco", "--annotations", "gt.json", "--predictions", "ours=dt.json"];
    const { out } = await downstream(folder, ...coco);
    const note = `1 of ${dt.length + 1} detections are of categories that are not annotated, such as 99`;
    assert(out.includes(note), out);
    const line = (text: string) => {
      const points = [[0, 0], [9, 0], [9, 9], [0, 9]];
      return `a.jpg\t${JSON.stringify([{ points, transcription: text }])}\n`;
    };
    await write(folder, "asked.txt", line("STOP"));
    await write(folder, "unreadable.txt", line("###"));
    for (const [truth, said] of [["asked.txt", false], ["unreadable.txt", true]] as const) {
      const ocr = [
        "--task",
        "ocr",
        "--annotations",
        truth,
        "--predictions",
        "ours=asked.txt",
        "--out",
        truth.slice(0, 3),
      ];
      const { code, out } = await downstream(folder, ...ocr);
      assertEquals([code, out.includes("no region is asked for, as all are unreadable (###)")], [0, said], out);
    }
  }));

Deno.test("downstream refuses malformed files with 65, and says where", () =>
  inFolder(async (folder) => {
    const { gt, dt } = golden.coco;
    await write(folder, "gt.json", gt);
    await write(folder, "dt.json", dt);
    await write(folder, "list.json", [{ ...dt[0], bbox: [1, 2, 3] }]);
    await write(folder, "mixed.json", [dt[0], { ...dt[1], bbox: undefined }]);
    await write(folder, "neither.json", [{ image_id: 1, category_id: 1, score: 1 }]);
    await write(folder, "stranger.json", [{ ...dt[0], image_id: 99 }]);
    await write(folder, "broken.json", "{");
    await write(folder, "gt.txt", `a.jpg\t[{"points":[[0,0],[1,0],[1,1]]}]\n`);
    await write(folder, "notab.txt", "a.jpg []\n");
    await write(folder, "nojson.txt", "a.jpg\tx\n");
    await write(folder, "twice.txt", "a.jpg\t[]\nb/a.png\t[]\n");
    await write(folder, "other.txt", "b.jpg\t[]\n");
    await Deno.mkdir(join(folder, "icdar"));
    await write(folder, "icdar/res_a.txt", "1,2,3,4,5,6,7\n");
    await write(folder, "head.csv", "who,image,A,B\n1,1,1,2\n");
    await write(folder, "rank.csv", "person,image,A,B\n1,1,1,3\n");
    await write(folder, "again.csv", "person,image,A,B\n1,1,1,2\n1,1,2,1\n");
    await write(folder, "gap.csv", "person,image,A,B,C,D,E,F,G\n1,1,1,1,4,5,3,6,7\n1,2,1,1,4,5,2,6,7\n");
    const at = "2026-01-01T00:00:00Z";
    await write(folder, "gap.jsonl", JSON.stringify({ person: "p", image: "i", ranks: { A: 2, B: 2 }, at }) + "\n");
    const coco = (name: string) => ["coco", "--annotations", "gt.json", "--predictions", name];
    const ocr = (name: string) => ["ocr", "--annotations", "gt.txt", "--predictions", name];
    const study = (name: string) => ["study", "--ranks", name];
    for (
      const [args, part] of [
        [coco("list.json"), "list.json as 0.bbox does not fit"],
        [coco("mixed.json"), "entry 1 has none"],
        [coco("neither.json"), "need a bbox or a segmentation"],
        [coco("stranger.json"), "current id is 99"],
        [coco("broken.json"), "it must be JSON"],
        [["coco", "--annotations", "dt.json", "--predictions", "dt.json"], "dt.json as it does not fit"],
        [ocr("notab.txt"), "line 1 of notab.txt as it must be a path, a tab and JSON"],
        [ocr("nojson.txt"), "JSON must follow the tab: current value is x"],
        [ocr("twice.txt"), "2 entries of 1 images"],
        [ocr("other.txt"), "current image is b"],
        [ocr("icdar"), "must begin with x1,y1,x2,y2,x3,y3,x4,y4: current value is 1,2,3,4,5,6,7"],
        [study("head.csv"), "its header must be person,image"],
        [study("rank.csv"), "row 2 of rank.csv as ranks go from 1 to 2: current value is 3"],
        [study("again.csv"), "2 rows of 1 groups"],
        [study("gap.csv"), "row 3 of gap.csv as a shared rank leaves out the ranks after it"],
        [study("gap.csv"), "(1, 1, 4, 5, 3, 6, 7): current value is 1, 1, 4, 5, 2, 6, 7"],
        [study("gap.jsonl"), "row 1 of gap.jsonl as a shared rank leaves out"],
      ] as const
    ) {
      const { code, errors } = await downstream(folder, "--task", ...args);
      assertEquals([code, errors.split("\n").length], [65, 2], errors);
      assert(errors.includes(part), `${part} in ${errors}`);
    }
    assertEquals((await downstream(folder, "--task", ...coco("absent.json"))).code, 74);
    assertEquals(await Deno.stat(join(folder, "downstream")).catch(() => null), null, "nothing is left");
  }));

Deno.test("downstream refuses wrong options with 64", () =>
  inFolder(async (folder) => {
    for (
      const args of [
        [],
        ["--task", "poses"],
        ["--task", "coco", "--predictions", "a"],
        ["--task", "coco", "--annotations", "a"],
        ["--task", "ocr", "--annotations", "a", "--predictions", "a=b", "--predictions", "a=c"],
        ["--task", "segmentation", "--labels", "a", "--predictions", "b", "--labels-from", "2"],
      ]
    ) assertEquals((await downstream(folder, ...args)).code, 64, args.join(" "));
    assertEquals((await downstream(folder, "--help")).code, 0);
  }));
