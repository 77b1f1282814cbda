import { chmodSync } from "node:fs";
import { basename, join } from "node:path";
import { cudaRequirements } from "../../lib/engine/cuda_requirements.ts";
import { requireRoom } from "../../lib/engine/disk_space.ts";
import { installedLibrary, namedLibrary } from "../../lib/engine/library.ts";
import { EngineError } from "../../lib/engine/mod.ts";
import { thisPlatform } from "../../lib/engine/platform.ts";
import { verifyLibrary } from "../../lib/engine/verify.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { nativeAvailable } from "../support.ts";
import { runProgram } from "./programs/program.ts";

const platform = thisPlatform();

/** Runs setup with an empty cache folder and an environment of the test's making. */
async function setup(
  args: string[],
  env: (folder: string) => Record<string, string> | Promise<Record<string, string>>,
) {
  const folder = await Deno.makeTempDir();
  try {
    const cache = join(folder, "cache");
    const named = { ASASR_CACHE: cache, ASASR_TENSORFLOW_DIR: "", ...await env(folder) };
    const outcome = await runProgram("lib/cli/setup.ts", args, named);
    const engine = join(named.ASASR_CACHE, "engine");
    const left = await Array.fromAsync(Deno.readDir(engine), ({ name }) => name).catch(() => []);
    return { ...outcome, left: left.filter((name) => !["verified", "setup.lock"].includes(name)) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Expects one line on stderr, exit code 69 and nothing left behind. */
function assertRefused(outcome: Awaited<ReturnType<typeof setup>>, message: string): void {
  assertEquals(outcome.ending, "exit code 69", outcome.stderr);
  assertEquals(outcome.stderr.split("\n").length, 1, outcome.stderr);
  assert(outcome.stderr.includes(message), outcome.stderr);
  assertEquals(outcome.left, []);
}

/** Expects success on wasm and one line that says why. */
function assertFellBack(outcome: Awaited<ReturnType<typeof setup>>, message: string): void {
  assertEquals(outcome.ending, "exit code 0", outcome.stderr);
  const line = outcome.stdout.split("\n").at(-1)!;
  assert(line.startsWith("Engine: WebAssembly") && line.includes(message), line);
  assertEquals(outcome.left, []);
}

/** A folder with programs of the given names, which run `script`. */
async function programs(folder: string, script: string): Promise<string> {
  const path = join(folder, "bin");
  await Deno.mkdir(path);
  for (const name of ["python3", "python"]) {
    await Deno.writeTextFile(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return path;
}

/** A folder with the two libraries, as `content` gives them. */
async function libraries(folder: string, content: string): Promise<string> {
  const path = join(folder, "tensorflow");
  await Deno.mkdir(path);
  for (const name of [platform!.main, platform!.framework]) await Deno.writeTextFile(join(path, name), content);
  return path;
}

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, fn, ignore: platform === undefined });

test("setup refuses a cpu engine without Python, and auto falls back to wasm", async () => {
  const empty = async (folder: string) => {
    await Deno.mkdir(join(folder, "bin"));
    return { PATH: join(folder, "bin") };
  };
  const message = "Cannot set up TensorFlow as Python with pip must be installed";
  assertRefused(await setup(["--engine", "cpu"], empty), message);
  assertFellBack(await setup([], empty), message);
});

test("setup refuses a Python without pip", async () => {
  const python = async (folder: string) => ({ PATH: await programs(folder, '[ "$1" = -c ]') });
  assertRefused(await setup(["--engine", "cpu"], python), "Cannot set up TensorFlow as Python must have pip");
});

test("setup passes on why pip could not download", async () => {
  const script =
    'case "$3" in --version) ;; *) echo "noise" >&2; echo "ERROR: No matching distribution" >&2; exit 1;; esac';
  const python = async (folder: string) => ({ PATH: await programs(folder, script) });
  const message = "Cannot download TensorFlow with pip: No matching distribution";
  const outcome = await setup(["--engine", "cpu"], python);
  assertRefused(outcome, message);
  assertFellBack(await setup([], python), message);
});

test("setup refuses a download that is damaged", async () => {
  const script = `
case "$2" in
  pip) [ "$3" = --version ] && exit 0
       for argument; do case "$argument" in --dest=*) echo broken > "\${argument#--dest=}/tensorflow.whl";; esac; done;;
  *) echo "Traceback" >&2; echo "zipfile.BadZipFile: File is not a zip file" >&2; exit 1;;
esac`;
  const python = async (folder: string) => ({ PATH: `${await programs(folder, script)}:/usr/bin:/bin` });
  assertRefused(await setup(["--engine", "cpu"], python), "zipfile.BadZipFile: File is not a zip file");
});

test("setup refuses a download that holds no library", async () => {
  const script = `
for argument; do case "$argument" in --dest=*) echo other > "\${argument#--dest=}/tensorflow.whl";; esac; done
exit 0`;
  const python = async (folder: string) => ({ PATH: `${await programs(folder, script)}:/usr/bin:/bin` });
  assertRefused(await setup(["--engine", "cpu"], python), "must hold TensorFlow's libraries");
});

test("setup refuses a cache folder that does not take the files", async () => {
  const script = `
for argument; do case "$argument" in --dest=*) folder="\${argument#--dest=}";; esac; done
[ -n "$folder" ] && echo other > "$folder/tensorflow.whl" && rm -r "$folder/../content"
exit 0`;
  const python = async (folder: string) => ({ PATH: `${await programs(folder, script)}:/usr/bin:/bin` });
  assertRefused(await setup(["--engine", "cpu"], python), "must take its files");
});

test("setup refuses a cache folder that cannot be written", async () => {
  const file = async (folder: string) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    return { PATH: await programs(folder, "exit 0"), ASASR_CACHE: join(folder, "file") };
  };
  assertRefused(await setup(["--engine", "cpu"], file), "must be writable");
});

test("setup refuses a named folder without the libraries, and auto falls back to wasm", async () => {
  const named = (folder: string) => ({ ASASR_TENSORFLOW_DIR: folder });
  const message = `must hold ${platform!.main}`;
  assertRefused(await setup(["--engine", "cpu"], named), message);
  assertFellBack(await setup([], named), message);
});

test("setup refuses libraries that are damaged, and auto falls back to wasm", async () => {
  const damaged = async (folder: string) => ({ ASASR_TENSORFLOW_DIR: await libraries(folder, "\x7fELF truncated") });
  assertRefused(await setup(["--engine", "cpu"], damaged), "as it must load and compute");
  assertFellBack(await setup([], damaged), "as it must load and compute");
});

Deno.test({
  name: "setup refuses a library that is cut off, whatever it does to the process that loads it [native]",
  ignore: !nativeAvailable,
  async fn() {
    const cut = async (folder: string) => {
      const path = await libraries(folder, "");
      const whole = (namedLibrary() ?? installedLibrary("cpu"))!;
      for (const file of [whole.main, whole.framework]) {
        using source = await Deno.open(file);
        const start = new Uint8Array(4_000_000);
        await source.read(start);
        await Deno.writeFile(join(path, basename(file)), start);
      }
      return { ASASR_TENSORFLOW_DIR: path };
    };
    assertRefused(await setup(["--engine", "cpu"], cut), "as it must load and compute");
  },
});

Deno.test({
  name: "verifyLibrary() checks again where the record of the last check is damaged [native]",
  ignore: !nativeAvailable,
  async fn() {
    const library = (namedLibrary() ?? installedLibrary("cpu"))!;
    const cache = await Deno.makeTempDir(), before = Deno.env.get("ASASR_CACHE") ?? "";
    Deno.env.set("ASASR_CACHE", cache);
    try {
      const verified = await verifyLibrary(library, "cpu");
      const records = join(cache, "engine", "verified");
      const [{ name }] = await Array.fromAsync(Deno.readDir(records));
      await Deno.writeTextFile(join(records, name), "");
      assertEquals(await verifyLibrary(library, "cpu"), verified);
      assertEquals(JSON.parse(await Deno.readTextFile(join(records, name))), verified);
    } finally {
      Deno.env.set("ASASR_CACHE", before);
      await Deno.remove(cache, { recursive: true });
    }
  },
});

Deno.test("requireRoom() refuses a disk that is too small", () => {
  requireRoom(".", 1);
  assertThrows(() => requireRoom(".", 1e18), EngineError, "must have 1000000000.0 GB free");
});

Deno.test("cudaRequirements() lists the wheels of TensorFlow's extra", () => {
  const metadata = 'Requires-Dist: numpy>=1.26.0\nRequires-Dist: nvidia-cudnn-cu12<10.0,>=9.3; extra == "and-cuda"\n' +
    "Requires-Dist: nvidia-nccl-cu12 (>=2.27) ; extra == 'and-cuda'\nRequires-Dist: other; extra == \"gcs\"\n";
  assertEquals(cudaRequirements(metadata), ["nvidia-cudnn-cu12<10.0,>=9.3", "nvidia-nccl-cu12>=2.27"]);
  assertThrows(() => cudaRequirements("Requires-Dist: numpy"), EngineError, "and-cuda");
});

test("setup that is interrupted does not pass for one that fell back to wasm", async () => {
  const script = '[ "$3" = --version ] && exit 0; kill -INT $PPID; sleep 1; exit 1';
  const python = async (folder: string) => ({ PATH: `${await programs(folder, script)}:/usr/bin:/bin` });
  const outcome = await setup([], python);
  assertEquals([outcome.ending, outcome.left], ["exit code 75", []], outcome.stderr);
  assert(outcome.stderr.endsWith("the same command starts again"), outcome.stderr);
});

test("setup refuses a gpu engine without a device", async () => {
  const outcome = await setup(["--engine", "gpu"], () => ({ PATH: "" }));
  assertEquals(outcome.ending, "exit code 69", outcome.stderr);
  assertEquals(outcome.stderr.split("\n").length, 1, outcome.stderr);
});

test("setup refuses an engine that does not exist", async () => {
  const outcome = await setup(["--engine", "tpu"], () => ({}));
  assertEquals(outcome.ending, "exit code 64", outcome.stderr);
});
