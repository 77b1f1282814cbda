import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { readStudy } from "asasr/metrics/mod.ts";
import { browserTest } from "../view/browser.ts";
import { nameAsked, position, rankings, ranksShown, requests, serving, shown, textOf } from "./page.ts";
import { inStudyFolder } from "./study_folders.ts";

browserTest(
  "study: two people take turns in one browser, and both rankings are kept",
  (page) =>
    inStudyFolder(2, async (folder) => {
      const { running, address } = await serving(folder);
      const begin = async (name: string, first = "Image 1 of 2, 0 ranked") => {
        await page.type("#person", name);
        await page.keyboard.press("Enter");
        await position(page, first);
      };
      const rankOne = async (...ranks: string[]) => {
        for (const [i, rank] of ranks.entries()) {
          for (const key of ["abc"[i], rank]) await page.keyboard.press(key as "a");
        }
        await page.keyboard.press("Enter");
      };
      await page.goto(address);
      await shown(page, "welcome");
      assertEquals([await nameAsked(page), await page.$("#change:not([hidden])")], ["", null]);
      await begin("Ann ");
      assertEquals(await textOf(page, "#change"), "Not Ann? Change");
      await rankOne("1", "2", "3");
      await position(page, "Image 2 of 2, 1 ranked");

      // Bo takes over in the middle, closes the page and comes back: Ann's half-made ranking waits for her
      await page.keyboard.press("b");
      await page.keyboard.press("1");
      await page.click("#change");
      await shown(page, "welcome");
      assertEquals([await nameAsked(page), await textOf(page, "#position")], ["", ""]);
      await begin("Bo");
      assertEquals(await ranksShown(page), ["", "", ""]);
      await rankOne("3", "2", "1");
      await position(page, "Image 2 of 2, 1 ranked");
      await page.goto("about:blank");
      await page.goto(address);
      await shown(page, "welcome");
      assertEquals(await nameAsked(page), "Bo");
      await page.keyboard.press("Enter");
      await position(page, "Image 2 of 2, 1 ranked");
      await rankOne("3", "2", "1");
      await shown(page, "end");
      assertEquals(await textOf(page, "#change"), "Not Bo? Change");

      // After the end, the next one begins; a proposed name gives way to what is typed
      await page.click("#next");
      await shown(page, "welcome");
      await page.goto(address);
      await begin("Cy");
      await page.reload();
      await shown(page, "welcome");
      await begin("ANN", "Image 2 of 2, 1 ranked");
      assertEquals(await ranksShown(page), ["", "rank 1", ""]);
      await rankOne("1", "2", "3");
      await shown(page, "end");
      running.signal("SIGINT");
      assertEquals((await running.outcome).code, 0);
      const kept = await rankings(folder);
      assertEquals(kept.map(({ person }) => person), ["Ann", "Bo", "Bo", "ANN"]);
      assertEquals(new Set(kept.map(({ person, image }) => person.toLowerCase() + image)).size, 4);
      const { people } = await readStudy(join(folder, "out", "rankings.jsonl"));
      assertEquals(people, [0, 1, 1, 0]);
    }),
  { requests },
);

browserTest(
  "study: a server that was started again asks for the name, and the half-made ranking is still there",
  (page) =>
    inStudyFolder(1, async (folder) => {
      const before = await serving(folder);
      await page.goto(before.address);
      await page.type("#person", "Ann");
      await page.keyboard.press("Enter");
      await position(page, "Image 1 of 1");
      for (const key of ["a", "1", "b", "2", "c", "3"]) await page.keyboard.press(key as "a");
      before.running.signal("SIGINT");
      await before.running.outcome;
      const after = await serving(folder, new URL(before.address).port);
      await page.keyboard.press("Enter");
      await shown(page, "welcome");
      assert((await textOf(page, "#problem"))!.includes("your name again"));
      assertEquals(await nameAsked(page), "Ann");
      await page.keyboard.press("Enter");
      await position(page, "Image 1 of 1");
      assertEquals(await ranksShown(page), ["rank 1", "rank 2", "rank 3"]);
      assertEquals(await page.$("#problem:not([hidden])"), null);
      await page.keyboard.press("Enter");
      await shown(page, "end");
      after.running.signal("SIGINT");
      assertEquals((await after.running.outcome).code, 0);
      assertEquals((await rankings(folder)).map(({ person }) => person), ["Ann"]);
    }),
  { requests, messages: /status of 401/ },
);
