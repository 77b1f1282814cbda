import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InputOutputError, UsageError } from "asasr/core/mod.ts";
import { createRaster, encodePng } from "asasr/image/mod.ts";
import { reportHtml, writeReport } from "asasr/view/mod.ts";
import { scriptJson } from "asasr/view/markup.ts";
import { browserTest } from "./browser.ts";
import { sampleResults } from "./sample_results.ts";

const results = sampleResults();
const png = await encodePng(createRaster({ width: 8, height: 8 }));
const html = reportHtml(results, [{ title: "kodim01.png", png }]);
/** The page without the library that it carries. */
const own = html.replace(/<script>[^]*?<\/script>/g, "");

Deno.test("reportHtml() has every part and the same bytes again", () => {
  const ids = ["summary", "metrics", "paper", "differences", "realism", "spectra", "strips", "training"];
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
    for (const file of ["../outside.png", "strips/../../outside.png"]) {
      const strips = [{ title: "outside", file }];
      await assertRejects(() => writeReport({ ...results, strips }, folder), UsageError, "must lie in");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

browserTest("report.html draws every plot in a browser, silently and offline", async (page) => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "report.html");
    await Deno.writeTextFile(path, html);
    await page.setViewport({ width: 1400, height: 1000 });
    await page.goto(pathToFileURL(path).href);
    const places = await page.$$eval("[data-plot]", (found) => found.length);
    await page.waitForFunction("window.plotsDrawn === document.querySelectorAll('[data-plot]').length");
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
