import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { writeJson } from "asasr/core/mod.ts";
import { createRaster, writePng } from "asasr/image/mod.ts";
import { sampleResults } from "../view/sample_results.ts";
import { start } from "./process.ts";

Deno.test("report writes one page of the runs it is given, with their strips, and of the committed results", async () => {
  const folder = await Deno.makeTempDir(), out = join(folder, "out");
  try {
    const run = (...args: string[]) => start("lib/cli/report.ts", [...args, "--out", out]).outcome;
    const own = sampleResults(), bare = { ...own, curves: [], comparisons: [], offsets: [], directions: [] };
    const results = { ...bare, strips: [{ title: own.testIds[0], file: "strips/crop-00.png" }] };
    for (const name of ["a", "b"]) await writeJson(join(folder, name, "results.json"), results);
    await Deno.mkdir(join(folder, "a", "strips"));
    await writePng(join(folder, "a", "strips", "crop-00.png"), createRaster({ width: 4, height: 4 }));
    const given = await run(join(folder, "a"), join(folder, "b"));
    assertEquals([given.code, given.stdout.split(":")[0]], [0, "2 experiments"], given.stderr.join("\n"));
    const page = await Deno.readTextFile(join(out, "report.html"));
    assertEquals(page.match(/<figure class="strip"/g)!.length, 1); // those of b were not kept
    const figures = [...Deno.readDirSync(join(out, "figures"))].map(({ name }) => name.split(".")[1]);
    assert(figures.length > 10 && figures.filter((ending) => ending === "svg").length === figures.length / 2);

    const committed = await run();
    assertEquals(committed.code, 0, committed.stderr.join("\n"));
    const all = await Deno.readTextFile(join(out, "report.html"));
    assert(all.includes("Table 3: guidance and alignment") && all.includes("not run: needs raters"));

    await writeJson(join(folder, "a", "results.json"), { experiment: "a" });
    for (const [name, exit, part] of [["a", 65, "holds none"], ["absent", 74, "results.json"]] as const) {
      const { code, stderr } = await run(join(folder, name));
      assertEquals(code, exit);
      assert(stderr.at(-1)!.includes(part), stderr.join("\n"));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
