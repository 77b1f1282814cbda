import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import puppeteer, { type Page } from "puppeteer-core";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/**
 * Registers a test that needs a browser.
 *
 * Without Chromium it is skipped, and fails where CI is "true". The test fails on any message in the console, on any error of
 * a script, and on any request but for files.
 *
 * @param options.requests What may be asked for besides, as the start of an address.
 * @param options.messages What the console may say: browsers report there what a page expects, such as a refused request.
 */
export function browserTest(
  name: string,
  fn: (page: Page) => Promise<void>,
  { requests = /^(?!)/, messages = /^(?!)/ }: { readonly requests?: RegExp; readonly messages?: RegExp } = {},
): void {
  Deno.test({
    name,
    ignore: executablePath === undefined && Deno.env.get("CI") !== "true",
    // The browser's own timers and pipes end a little after it.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      assert.ok(executablePath, "Cannot run the test as Chromium must be installed");
      const userDataDir = await Deno.makeTempDir();
      const browser = await puppeteer.launch({ executablePath, headless: true, pipe: true, userDataDir, args: flags });
      try {
        const page = await browser.newPage(), problems: string[] = [];
        page.setDefaultTimeout(PATIENCE_MS);
        page.on("console", (message) => {
          if (!messages.test(message.text())) problems.push(`${message.type()}: ${message.text()}`);
        });
        page.on("pageerror", (error) => problems.push(String(error)));
        page.on("request", (request) => {
          if (!/^(file|data|blob):/.test(request.url()) && !requests.test(request.url())) {
            problems.push(`request to ${request.url()}`);
          }
        });
        await fn(page);
        assert.deepEqual(problems, []);
      } finally {
        await browser.close();
        await Deno.remove(userDataDir, { recursive: true });
      }
    },
  });
}

/** No test is about time: a busy machine may need this long for what takes seconds. */
const PATIENCE_MS = 180_000;

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
