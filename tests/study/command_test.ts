import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import type { DownstreamResults } from "asasr/experiment/mod.ts";
import { start } from "../cli/process.ts";
import { browserTest } from "../view/browser.ts";
import { nameAsked, NET, position, rankings, ranksShown, requests, serving, shown, textOf } from "./page.ts";
import { inStudyFolder, methods } from "./study_folders.ts";

browserTest(
  "study: a person ranks by keys and mouse, reloads in the middle, comes back and ends",
  (page) =>
    inStudyFolder(3, async (folder) => {
      const { running, address } = await serving(folder);
      await page.setViewport({ width: 1400, height: 900 });
      const sent: Promise<string>[] = [];
      page.on("response", (response) => {
        if (response.url().includes("/call/")) sent.push(response.text());
      });
      await page.goto(address);
      await shown(page, "welcome");
      await page.type("#person", "rater 1");
      await page.keyboard.press("Enter");

      // By keys: a tie at the top; nothing is kept before all are ranked
      await position(page, "Image 1 of 3");
      await page.keyboard.press("1");
      await page.keyboard.press("c");
      await page.keyboard.press("1");
      await page.keyboard.press("Enter");
      assert((await textOf(page, "#order"))!.includes("to rank: B"));
      // Reload in the middle: the name is asked again, the half-made ranking is still there
      await page.reload();
      await shown(page, "welcome");
      assertEquals(await nameAsked(page), "rater 1");
      await page.keyboard.press("Enter");
      await position(page, "Image 1 of 3");
      assertEquals(await ranksShown(page), ["rank 1", "", "rank 1"]);
      await page.keyboard.press("b");
      await page.keyboard.press("3");
      await page.keyboard.press("Enter");

      // By mouse, with zoom: all images at the same place
      await position(page, "Image 2 of 3, 1 ranked");
      await page.click("#candidates li:nth-child(2) .view");
      const scales = () =>
        page.evaluate(
          `[...new Set([...document.querySelectorAll(".view img")].map((each) => getComputedStyle(each).transform))]`,
        );
      assertEquals(await scales(), ["matrix(2, 0, 0, 2, 0, 0)"]);
      await page.keyboard.press("z");
      assertEquals([await scales(), await textOf(page, "#zoom output")], [["matrix(4, 0, 0, 4, 0, 0)"], "4×"]);
      for (const [card, rank] of [[1, 3], [2, 1], [3, 2]]) {
        await page.click(`#candidates li:nth-child(${card}) label:nth-of-type(${rank})`);
      }
      assertEquals(await textOf(page, "#order"), "Best first: B, C, A");
      await page.click("#keep");
      await position(page, "Image 3 of 3, 2 ranked");
      assertEquals((await rankings(folder)).length, 2);

      // The command stops and starts again; the browser comes back to another port and the same person
      running.signal("SIGINT");
      const { code, stdout, stderr } = await running.outcome;
      assertEquals(code, 0, stderr.join("\n"));
      assert(stdout.includes("Top-1"), stdout);
      const again = await serving(folder);
      await page.goto(again.address);
      await page.type("#person", "rater 1");
      await page.keyboard.press("Enter");
      await position(page, "Image 3 of 3, 2 ranked");
      // A look back shows what was said, and it can be changed
      await page.click("#back");
      await position(page, "Image 2 of 3");
      assertEquals(await ranksShown(page), ["rank 3", "rank 1", "rank 2"]);
      await page.keyboard.press("Enter");
      await position(page, "Image 3 of 3, 2 ranked");
      for (const key of ["a", "3", "b", "2", "c", "1", "Enter"]) await page.keyboard.press(key as "a");
      await shown(page, "end");
      assertEquals(await textOf(page, "#position"), "3 of 3 ranked");

      // What is kept is what was said; no answer and no page named a method
      again.running.signal("SIGINT");
      assertEquals((await again.running.outcome).code, 0);
      const kept = await rankings(folder);
      assertEquals(kept.map(({ ranks }) => Object.values(ranks)), [[1, 3, 1], [3, 1, 2], [3, 1, 2], [3, 2, 1]]);
      assertEquals(new Set(kept.map(({ image }) => image)).size, 3);
      const told = [...await Promise.all(sent), await page.content()].join();
      for (const name of [...methods, "image-", folder]) assert(!told.includes(name), name);
      const { entries } = JSON.parse(await Deno.readTextFile(join(folder, "out", "scores.json"))) as DownstreamResults;
      assertEquals(entries.map(({ scores }) => scores["Top-3"]), [1, 1, 1]);
      const tops = entries.map(({ scores }) => 3 * scores["Top-1"]!);
      assertEquals(Math.round(tops[0] + tops[1] + tops[2]), 4); // one tie of two
      for (const file of ["topk.png", "topk.svg"]) assert((await Deno.stat(join(folder, "out", file))).size > 1000);
    }),
  { requests },
);

browserTest(
  "study: the page is usable on a narrow screen and says when the server does not answer",
  (page) =>
    inStudyFolder(1, async (folder) => {
      const { running, address } = await serving(folder);
      await page.setViewport({ width: 380, height: 800 });
      await page.goto(address);
      await page.type("#person", "p".repeat(40));
      await page.keyboard.press("Enter");
      await position(page, "Image 1 of 1");
      assert(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"));
      const small = await page.$$eval("fieldset label", (all) => all.filter((each) => each.clientHeight < 24).length);
      assertEquals(small, 0);
      const unnamed = await page.evaluate(
        `[...document.querySelectorAll("img, button, input")]
        .filter((each) => !(each.alt || each.textContent || each.labels?.length)).length`,
      );
      assertEquals(unnamed, 0);
      await page.evaluate(`globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"))`);
      for (const key of ["1", "b", "2", "c", "3", "Enter"]) await page.keyboard.press(key as "a");
      await shown(page, "problem");
      assert((await textOf(page, "#problem"))!.includes("does not answer"));
      assertEquals(await ranksShown(page), ["rank 1", "rank 2", "rank 3"]);
      running.signal("SIGINT");
      await running.outcome;
    }),
  { requests },
);

Deno.test("study: refuses hostile requests on the wire, and serves nothing outside", () =>
  inStudyFolder(1, async (folder) => {
    const { running, address } = await serving(folder), { host, port } = new URL(address);
    const get = (path: string, from = host) => `GET ${path} HTTP/1.1\r\nHost: ${from}\r\nConnection: close\r\n\r\n`;
    const post = (path: string, body: string, length: number, more = "") =>
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n` +
      `Connection: close\r\n${more}\r\n${body}`;
    const asked = [
      [get("/"), 200],
      [get("/", `localhost:${port}`), 200],
      [get("/", `rebound.example:${port}`), 421],
      [get("/", "127.0.0.1"), 421],
      [get("http://evil.example/"), 421],
      ["GET / HTTP/1.0\r\n\r\n", 421],
      [get("/../../../../etc/passwd"), 404],
      [get("/..%2f..%2f..%2fetc/passwd"), 404],
      [get("/%2e%2e/%2e%2e/deno.json"), 404],
      [get("//etc/passwd"), 404],
      [get("/out/study.json"), 404],
      ["TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 421],
      [`DELETE /call/rank HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 405],
      [post("/call/open", "{", 1), 400],
      [post("/call/open", `{"person":"a"}`, 14, "Origin: http://evil.example\r\n"), 403],
      [post("/call/open", " ".repeat(20_000), 20_000), 413],
    ] as const;
    const sender = start("tests/study/programs/send_raw.ts", [port, ...asked.map(([request]) => request)], {
      permissions: [NET],
    });
    const { code, stdout, stderr } = await sender.outcome;
    assertEquals(code, 0, stderr.join("\n"));
    const statuses = stdout.trimEnd().split("\n").map((line) => Number(line.split(" ")[1]));
    assertEquals(statuses, asked.map(([, status]) => status));
    running.signal("SIGTERM");
    const { code: ended, stdout: printed } = await running.outcome;
    assertEquals(ended, 0);
    assert(printed.includes("Nobody has ranked"), printed);
  }));

Deno.test("study: refuses wrong arguments", () =>
  inStudyFolder(1, async (folder) => {
    const run = (...args: string[]) =>
      start("lib/cli/study.ts", [...args, "--out", join(folder, "out")], { permissions: [NET] }).outcome;
    const [a, b, lr] = [...methods.slice(0, 2), "lr"].map((name) => join(folder, name));
    for (
      const [args, exit, part] of [
        [[a, b], 64, "--lr must be given"],
        [["--lr", lr, a], 64, "there must be two or more"],
        [["--lr", lr, `x=${a}`, `x=${b}`], 64, "of different names"],
        [["--lr", lr, a, join(folder, "absent")], 65, "it must exist"],
        [["--lr", lr, a, b, "--images", "2"], 65, "must hold so many"],
        [["--lr", lr, a, b, "--port", "99999"], 64, "port"],
      ] as const
    ) {
      const { code, stderr } = await run(...args);
      assertEquals(code, exit, stderr.join("\n"));
      assert(stderr.at(-1)!.includes(part), stderr.join("\n"));
    }
  }));
