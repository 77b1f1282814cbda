/** `deno task test:tfjs`: runs tfjs-core's own tests on the native engine and ends with the counts. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { installedLibrary, namedLibrary } from "../../lib/engine/library.ts";
import { bundleSuite } from "./bundle.ts";
import { ignoredTests } from "./ignored.ts";
import { startJasmine } from "./jasmine.ts";

const library = namedLibrary() ?? installedLibrary("cpu");
if (library === undefined) {
  console.error("Cannot run tfjs-core's tests as TensorFlow must be set up: run deno task setup");
  Deno.exit(69);
}
const environment = startJasmine(createRequire(import.meta.url)("jasmine-core"));
const ignored = await ignoredTests();
const { declareTests } = await import(pathToFileURL(await bundleSuite()).href);
await declareTests(library);
const print = console.log;
console.log = console.warn = () => {}; // some tests print tables of their own
const counts = await environment.run((name) => !ignored.some((part) => name.includes(part)));
for (const failure of counts.failures) print(`FAILED ${failure}`);
print(`${counts.passed} passed, ${counts.failures.length} failed, ${counts.skipped} skipped`);
Deno.exit(counts.failures.length === 0 && counts.passed > 0 ? 0 : 1);
