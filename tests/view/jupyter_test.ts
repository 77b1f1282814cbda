import { assert, assertEquals } from "@std/assert";
import { createRaster } from "asasr/image/mod.ts";
import {
  displaySymbol,
  figure,
  imageStrip,
  liveDisplay,
  liveProgress,
  type MediaBundle,
  metricsTable,
  type NotebookKernel,
  show,
  shownTable,
} from "asasr/view/mod.ts";
import { sampleResults } from "./sample_results.ts";

const drawn = figure({
  title: "Loss",
  x: { label: "Step" },
  y: { label: "Loss" },
  marks: [{ kind: "line", label: "SFT", x: [1, 2], y: [2, 1] }],
});

/** The first bytes of a PNG file in base64. */
const PNG = "iVBORw0KGgo";

/** Runs `work` and returns what it logged. */
async function logged(work: () => Promise<void>): Promise<unknown[]> {
  const log = console.log, lines: unknown[] = [];
  console.log = (line: unknown) => void lines.push(line);
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines;
}

Deno.test("figure() shows itself to a notebook as Plotly, PNG and text", async () => {
  const bundle = await drawn[displaySymbol]();
  assertEquals(Object.keys(bundle), ["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
  assert((bundle["image/png"] as string).startsWith(PNG));
  assertEquals(bundle["text/plain"], "Figure: Loss. Loss over Step; SFT.");
  assert(!JSON.stringify(drawn).includes("display"), "a figure stays plain data");
});

Deno.test("imageStrip() puts one column a method and one row a crop", async () => {
  const images = [0.2, 0.8].map((value) => {
    const image = createRaster({ width: 8, height: 8 });
    image.data.fill(value);
    return image;
  });
  const columns = ["LR", "SFT", "HR"].map((label) => ({ label, images }));
  const strip = await imageStrip("crops", columns, { gap: 2, rows: ["a", "b"] });
  assert(strip.raster.width > 24 && strip.raster.height > 16);
  const bundle = await strip[displaySymbol]();
  assert((bundle["image/png"] as string).startsWith(PNG));
  assertEquals(bundle["text/plain"], "Images: crops, LR, SFT, HR.");
});

Deno.test("shownTable() shows HTML and text", async () => {
  const bundle = await shownTable(metricsTable(sampleResults([0])))[displaySymbol]();
  assert((bundle["text/html"] as string).includes("<table"));
  assert((bundle["text/plain"] as string).includes("PSNR"));
});

Deno.test("show() prints where there is no notebook", async () => {
  assertEquals(await logged(() => show(drawn, 3)), ["Figure: Loss. Loss over Step; SFT.", 3]);
});

Deno.test("liveDisplay() replaces its own output", async () => {
  const calls: { bundle: unknown; update?: boolean; id?: string }[] = [];
  const kernel: NotebookKernel = {
    display: (bundle, options) => {
      calls.push({ bundle, update: options?.update, id: options?.display_id });
      return Promise.resolve();
    },
  };
  const display = liveDisplay(kernel);
  await display.update({ "text/plain": "one" });
  await display.update(drawn);
  assertEquals(calls.map(({ update }) => update), [false, true]);
  assertEquals(calls[0].id, calls[1].id);
  assert("image/png" in (calls[1].bundle as MediaBundle));
});

Deno.test("liveProgress() redraws at most four times a second and at the end", async () => {
  const bundles: MediaBundle[] = [], clock = { now: 0 };
  const display = { update: (bundle: unknown) => Promise.resolve(void bundles.push(bundle as MediaBundle)) };
  const live = liveProgress("SFT <b>", { display, now: () => clock.now });
  for (let step = 1; step <= 21; step++) {
    clock.now += 50;
    await live.report({ step, steps: 21, loss: 1 / step });
  }
  assertEquals(bundles.length, 5); // at 50, 300, 550, 800 and 1050 ms
  assert((bundles[0]["text/plain"] as string).includes("unknown left"), "one step tells no rate");
  const last = bundles.at(-1)!;
  assert((last["text/plain"] as string).includes("21/21 (100 %)"));
  assert(
    (last["text/html"] as string).includes("SFT &lt;b&gt;") && (last["text/html"] as string).includes("width:100.0%"),
  );
});
