/** `deno task setup`: brings the engine, checks that it computes and says what runs. */
import { StoppedError } from "../core/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, oneOf, type Option, readOptions } from "./options.ts";

const options: Record<string, Option> = {
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Brings TensorFlow's library into the cache folder with Python's pip, once, and checks that it computes.\n" +
  "ASASR_CACHE names another cache folder, ASASR_TENSORFLOW_DIR a folder that holds the library already.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task setup [options]", about, options));
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const info = await startEngine({ engine, onProgress: console.log });
  // The terminal interrupts pip too, which then looks like a machine without TensorFlow.
  if (signal.aborted) throw new StoppedError("Stopped before TensorFlow was set up: the same command starts again");
  console.log(info.line);
});
