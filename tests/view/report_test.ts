import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InputOutputError, UsageError } from "asasr/core/mod.ts";
import { composeGrid, createRaster, encodePng, gridPlaces, readImage } from "asasr/image/mod.ts";
import { combinedReportHtml, outlierTable, reportHtml, writeCombinedReport, writeReport } from "asasr/view/mod.ts";
import { scriptJson } from "asasr/view/markup.ts";
import { browserTest } from "./browser.ts";
import type { Cell, FinishedMeasurement } from "asasr/view/mod.ts";
import { sampleResults } from "./sample_results.ts";

const results = sampleResults();
const png = await encodePng(createRaster({ width: 8, height: 8 }));
const html = reportHtml(results, [{ title: "kodim01.png", png }]);

/** A strip of three images in plain red, green and blue, for the first test crop. */
async function colourStrip() {
  const names = ["LR", "Ours", "Truth"],
    images = names.map((_, i) => {
      const image = createRaster({ width: 16, height: 16 });
      image.data.forEach((_, at) => image.data[at] = Number(at % 3 === i));
      return image;
    });
  const options = { labels: { columns: names }, gap: 4 }, { cell, left, top } = gridPlaces([images], options);
  const panes = { names, left, top, ...cell, step: cell.width + 4 };
  return { title: results.testIds[0], png: await encodePng(await composeGrid([images], options)), panes };
}
/** The page without the library that it carries. */
const own = html.replace(/<script>[^]*?<\/script>/g, "");

Deno.test("reportHtml() has every part and the same bytes again", () => {
  const ids = ["summary", "metrics", "paper", "differences", "outliers", "realism", "spectra", "strips", "training"];
  for (const id of [...ids, "departures", "provenance"]) assert(own.includes(`<section id="${id}">`), id);
  for (const text of [results.protocol, results.command, results.settingsHash, ...results.departures]) {
    assert(own.includes(text.replaceAll("'", "&#39;")), text);
  }
  assertEquals(reportHtml(results, [{ title: "kodim01.png", png }]) === html, true);
});

Deno.test("reportHtml() lets no value end a script or name another site", () => {
  assert(!own.includes("<script>alert"), "settings are escaped");
  assert(!/(src|href)="(?!data:|#)/.test(own), "nothing is loaded");
  assertEquals(html.match(/<script/g)!.length, html.match(/<\/script>/g)!.length);
});

Deno.test("reportHtml() shows hostile names and notes as text", () => {
  const hostile = `a"><img src=x onerror=alert(1)><script>alert("x")</script>&.png`;
  const page = reportHtml(
    {
      ...results,
      notes: [`${hostile}: gray converted to RGB`],
      testIds: [`photos/${hostile}#1`],
      dataDescription: hostile,
      command: `deno task ablation --data '${hostile}'`,
    },
    [{ title: hostile, png }],
  ).replace(/<script>[^]*?<\/script>/g, (script) => script.includes("alert") ? script : "");
  assert(!page.includes("alert(1)>") && !page.includes("<script>alert"));
  assertEquals(page.match(/<img /g)!.length, 1);
  // note, crop, data (twice), command, strip (alternative text and caption)
  assertEquals(page.split("&lt;img src=x onerror=alert(1)&gt;").length - 1, 7);
});

Deno.test("scriptJson() is the same JSON without what could end a script", () => {
  const value = { text: "</script><!-- \u2028 \u2029 é" }, json = scriptJson(value);
  assertEquals(JSON.parse(json), value);
  assert(!/[<\u2028\u2029]/.test(json));
});

Deno.test("reportHtml() draws every plot as SVG too", () => {
  const plots = own.match(/data-plot="\d+"/g)!.length;
  assert(plots >= 15, `${plots} plots`);
  assertEquals(own.match(/<noscript><svg/g)!.length, plots);
  assert(!/NaN|undefined|>null</.test(own));
});

Deno.test("reportHtml() leaves out what a run lacks and warns of the smoke preset", () => {
  const empty = { ...sampleResults([0]), curves: [], spectra: [], offsets: [], paperTables: [], directions: [] };
  const page = reportHtml(empty);
  for (const id of ["paper", "spectra", "training", "strips"]) assert(!page.includes(`<section id="${id}">`), id);
  assert(page.includes("smoke preset"));
});

Deno.test("writeReport() embeds the strips, and writes nothing if one is missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assertRejects(() => writeReport(results, folder), InputOutputError);
    assertEquals([...Deno.readDirSync(folder)].length, 0);
    await Deno.mkdir(join(folder, "strips"));
    await Deno.writeFile(join(folder, "strips", "crop-00.png"), png);
    const path = await writeReport(results, folder);
    assert((await Deno.readTextFile(path)).includes(png.toBase64()));
    const drawn = [...Deno.readDirSync(join(folder, "figures"))].map(({ name }) => name).sort();
    const plots = own.match(/data-plot="\d+"/g)!.length;
    assertEquals(drawn.length, 2 * plots);
    const spectra = drawn.find((name) => /^\d+-power-spectra.*png$/.test(name))!;
    const { image } = await readImage(join(folder, "figures", spectra));
    assertEquals(image.width, 1440);
    assert((await Deno.readTextFile(join(folder, "figures", spectra.replace("png", "svg")))).startsWith("<svg"));
    for (const file of ["../outside.png", "strips/../../outside.png"]) {
      const strips = [{ title: "outside", file }];
      await assertRejects(() => writeReport({ ...results, strips }, folder), UsageError, "must lie in");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("outlierTable() finds the images with the largest gains and losses, and links to their strips", () => {
  const metric = results.metrics.find(({ name }) => name === "psnrDb")!, [first, , third] = results.testIds;
  const points = results.points.map((point) =>
    point.id !== "sobolev-asdpo" ? point : {
      ...point,
      perSeed: point.perSeed.map((run, seed) => ({
        ...run,
        perImage: {
          ...run.perImage,
          psnrDb: results.points.find(({ id }) => id === "sft")!.perSeed[seed].perImage.psnrDb.map((value, i) =>
            value + [5 + seed, 0, -7][i] || value
          ),
        },
      })),
    }
  );
  const strips = new Map([[first, "#strip-0"]]);
  const { rows } = outlierTable({ ...results, points }, "sft", metric, { count: 1, strips });
  const at = rows.findIndex((row) => "heading" in row && row.heading === "Sobolev AS-DPO");
  const [, gain, loss] = rows[at + 1] as readonly Cell[];
  assertEquals([gain.text, gain.detail, gain.link], [first, "+6.00", "#strip-0"]);
  assertEquals([loss.text, loss.detail, loss.link], [third, "−7.00", undefined]);
});

/** A measurement of one table, one finding and one picture. */
const measurement: FinishedMeasurement = {
  pictures: [{ title: "picture", png }],
  results: {
    ...{
      experiment: "prop41",
      title: "Proposition 4.1",
      claim: "It is optimal.",
      command: "deno task x",
      cost: "seconds",
    },
    ...{ preset: "small", environment: results.environment, settings: {}, settingsHash: "0", dataDescription: "crops" },
    departures: [],
    tables: [{ caption: "Norms", columns: ["direction", "norm"], rows: [["a", 0.5], ["b", null]] }],
    findings: [{ statement: "0 < 1", measured: "1.00", verdict: "reproduced" }],
    pictures: [{ title: "picture", file: "a.png" }],
    notes: ["a note"],
  },
};

Deno.test("combinedReportHtml() puts every direction first, and keeps ids of runs apart", () => {
  const other = { ...sampleResults([0]), experiment: "fig7", title: "Figure 7 <b>" };
  const runs = [results, other].map((results) => ({ results, strips: [{ title: "kodim01.png", png }] }));
  const page = combinedReportHtml({
    runs,
    measurements: [measurement],
    absent: [{ name: "table1", reason: "not run: needs X" }],
  })
    .replace(/<script>[^]*?<\/script>/g, "");
  const ids = [...page.matchAll(/ id="((?!clip)[^"]+)"/g)].map(([, id]) => id); // equal plots have equal clips
  assertEquals(new Set(ids).size, ids.length);
  const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
  assertEquals(links.filter((id) => !ids.includes(id)), []);
  assert(
    page.indexOf('id="directions"') < page.indexOf('id="run-0-table3"') && page.includes("not run: needs X"),
  );
  assert(page.includes('id="measurement-0-prop41"') && page.includes(`<td class="right">0.5</td>`));
  for (const text of [results.command, results.settingsHash, "Figure 7 &lt;b&gt;", "0 &lt; 1", "a note"]) {
    assert(page.includes(text), text);
  }
  assert(!/NaN|undefined|>null</.test(page.replace(/base64,[^"]*/g, "")));
});

browserTest("report.html draws every plot in a browser, silently and offline", async (page) => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "report.html");
    await Deno.writeTextFile(path, html);
    await page.setViewport({ width: 1400, height: 1000 });
    await page.goto(pathToFileURL(path).href);
    const count =
      "[...document.querySelectorAll('[data-plot]')].filter((place) => !place.closest('details:not([open])')).length";
    await page.waitForFunction(`window.plotsDrawn === ${count}`);
    const places = await page.$$eval("[data-plot]", (found) => found.length);
    assert(await page.evaluate("window.plotsDrawn") as number < places, "a closed part waits");
    await page.evaluate("document.querySelectorAll('details').forEach((part) => part.open = true)");
    await page.waitForFunction(`window.plotsDrawn === ${places}`);
    // Every plot has traces with points that are drawn.
    const drawn = await page.$$eval(
      ".gallery [data-plot]",
      (found) => found.map((place) => place.querySelectorAll(".plot .trace").length),
    );
    assertEquals(drawn.length, places);
    assert(drawn.every((traces) => traces > 0), `${drawn}`);
    // A legend's button hides its name in all plots beside it.
    const shown = () => page.$$eval("#spectra .plot .trace", (traces) => traces.length);
    const before = await shown();
    await page.click('#spectra .legend button[data-name="Sobolev AS-DPO"]');
    await page.waitForFunction(`document.querySelectorAll("#spectra .plot .trace").length === ${before - 2}`);
    // Nothing offers to send data away, and no text runs out of the page.
    assertEquals(await page.$$eval('[data-title*="loud"]', (found) => found.length), 0);
    assert(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

browserTest("report.html shows its pictures where scripts are off", async (page) => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "report.html");
    await Deno.writeTextFile(path, html);
    await page.setJavaScriptEnabled(false);
    await page.goto(pathToFileURL(path).href);
    const heights = await page.$$eval("#spectra figure svg", (found) => found.map((svg) => svg.clientHeight));
    assertEquals(heights.length, 2);
    assert(heights.every((height) => height > 200));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("reportHtml() starts the slider between bicubic and the paper's arm, wherever its column stands", async () => {
  const { label } = results.points.find(({ id }) => id === "sobolev-asdpo")!, strip = await colourStrip();
  const names = ["LR", "Bicubic", label, "Another", "Truth"];
  const page = reportHtml(results, [{ ...strip, panes: { ...strip.panes, names } }]);
  const [slider] = /<div class="slider"[^]*?<\/p>/.exec(page)!;
  const chosen = Array.from(slider.matchAll(/<option selected>([^<]*)/g), ([, text]) => text);
  assertEquals(chosen, [results.testIds[0], "Bicubic", label]);
});

browserTest("report.html lays two images of a strip over each other", async (page) => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "report.html"), strip = await colourStrip();
    await Deno.writeTextFile(path, reportHtml(results, [strip]));
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(pathToFileURL(path).href);
    // Width and one colour of both, by way of a canvas that may be read
    const colours = () =>
      page.evaluate(`[...document.querySelectorAll(".slider canvas")].map((canvas) => {
        const copy = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        return [canvas.width, ...copy.getImageData(0, 15, 1, 1).data.slice(0, 3)].join();
      }).join(" ")`);
    const shows = async (wanted: string) => {
      for (let tries = 0; tries < 500 && await colours() !== wanted; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assertEquals(await colours(), wanted);
    };
    await page.waitForFunction(`document.querySelectorAll(".slider canvas")[1].style.clipPath !== ""`);
    await shows("16,0,255,0 16,0,255,0");
    const [, left, right] = await page.$$(".slider select");
    await left.select("LR");
    await right.select("Truth");
    await shows("16,255,0,0 16,0,0,255");
    await page.focus(".slider input");
    await page.keyboard.press("Home");
    assertEquals(
      await page.$eval(".slider canvas:nth-child(2)", (canvas) => canvas.getAttribute("style")),
      "clip-path: inset(0px 0px 0px 0%);",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

browserTest("the page of all runs opens the part that a link leads to, and draws it then", async (page) => {
  const folder = await Deno.makeTempDir();
  try {
    const runs = [results, { ...sampleResults([0]), experiment: "fig7", title: "Figure 7" }];
    const path = await writeCombinedReport({ runs: runs.map((results) => ({ results, strips: [] })) }, folder);
    await page.setViewport({ width: 1300, height: 900 });
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector("#directions table");
    assertEquals(await page.evaluate("window.plotsDrawn"), 0);
    await page.click('nav a[href="#run-1-fig7"]');
    await page.waitForFunction(
      `window.plotsDrawn > 0 && [...document.querySelectorAll("#run-1-fig7 [data-plot]")]
        .filter((place) => !place.closest("details:not([open])")).every((place) => place.querySelector(".plot .trace"))`,
    );
    assertEquals(await page.$$eval("#run-0-table3 .plot .trace", (found) => found.length), 0);
    const picture = await page.screenshot();
    assert(picture.length > 20_000, "the page is not empty");
    assert(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
