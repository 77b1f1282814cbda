import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { type Running, start } from "../cli/process.ts";
import { methods } from "./study_folders.ts";

/** What the command may do besides, and the page's requests. */
export const NET = "--allow-net=127.0.0.1", requests = /^http:\/\/127\.0\.0\.1:\d+\//;

/** Starts the command on a port, a free one by default; resolves once it listens. */
export async function serving(folder: string, port = "0"): Promise<{ running: Running; address: string }> {
  const folders = methods.map((name) => join(folder, name));
  const args = [...folders, "--lr", join(folder, "lr"), "--out", join(folder, "out"), "--port", port];
  const running = start("lib/cli/study.ts", args, { permissions: [NET] });
  await running.prints("/\n");
  return { running, address: /http:\S+/.exec(running.printed())![0] };
}

/** The lines of what is kept. */
export async function rankings(folder: string) {
  const text = await Deno.readTextFile(join(folder, "out", "rankings.jsonl"));
  return text.trimEnd().split("\n").map((line) =>
    JSON.parse(line) as { person: string; image: string; ranks: Record<string, number> }
  );
}

/** Waits for a part of the page. */
export const shown = (page: Page, id: string) => page.waitForSelector(`#${id}:not([hidden])`);
/** Waits until an image is shown and ready. */
export const position = (page: Page, text: string) =>
  page.waitForFunction(
    `document.querySelector("#position").textContent.startsWith(${JSON.stringify(text)}) &&
     !document.querySelector(".loading") && document.activeElement.tagName === "LI"`,
  );
/** The text of an element. */
export const textOf = (page: Page, selector: string) => page.$eval(selector, (found) => found.textContent);

/** The name that the page proposes. */
export const nameAsked = (page: Page) =>
  page.$eval("#person", (found) => (found as unknown as { value: string }).value);

/** Ranks of the cards as the page shows them. */
export const ranksShown = (page: Page) => page.$$eval(".rank", (found) => found.map((each) => each.textContent));
