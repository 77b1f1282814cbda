/** `deno task lora`: adapters from one layout to another, several to one, or into a checkpoint. */
import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../core/mod.ts";
import { startEngine } from "../engine/mod.ts";
import { commonOrigin, ORIGIN, originOf, originText } from "../experiment/mod.ts";
import { terminalProgress } from "../view/mod.ts";
import { findLora, type LoraFormat, loraFormats, loraOutputs, readLora, writeLora } from "../weights/mod.ts";
import { runCommand } from "./command.ts";
import { combine, describeLora, openInputs, scalesOf } from "./lora/inputs.ts";
import { mergeInto } from "./lora/merge.ts";
import { helpText, oneOf, type Option, readArguments } from "./options.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "FILE", help: "what to write; a folder for peft and with --merge-into" },
  format: { type: "string", value: "NAME", help: `${loraFormats.join(", ")} (default: diffusers)` },
  scale: { type: "string", value: "X,Y", help: "a factor for every adapter, or one for all (default: 1)" },
  "merge-into": { type: "string", value: "DIR", help: "add to the weights of this checkpoint, in diffusers' layout" },
  overwrite: {
    type: "boolean",
    help: "write over an adapter that is there; a checkpoint's folder must be new or empty",
  },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Reads LoRA adapters of FLUX or of Stable Diffusion's UNets as diffusers, kohya or PEFT wrote them, adds them up exactly,\n" +
  "and writes one file, or a checkpoint with them in its weights. Without --out it says what the files hold.\n" +
  "ComfyUI reads FLUX in diffusers' format and kohya's, and UNets in kohya's.";

await runCommand(async (signal) => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task lora IN... [--out FILE] [options]", about, options));
  if (operands.length === 0) throw new UsageError("Cannot read adapters as a file is needed (--help explains)");
  const { out, "merge-into": checkpoint } = values;
  if (checkpoint !== undefined && (out === undefined || values.format !== undefined || values.overwrite)) {
    throw new UsageError("Cannot merge into a checkpoint as --out DIR is needed, and no --format or --overwrite");
  }
  const format = oneOf("format", values.format, loraFormats, "diffusers"),
    scales = scalesOf(values.scale, operands.length);
  if (out !== undefined) await checkOutput(operands, String(out));
  if (out !== undefined && checkpoint === undefined && !values.overwrite) checkNew(String(out), format);
  await startEngine({ engine: "auto", install: false });
  using stack = new DisposableStack();
  const inputs = await openInputs(operands, stack);
  for (const { path, file } of inputs) console.log(`${path}: ${file.format}, ${describeLora(file, file.network)}`);
  if (out === undefined) return;
  const { adapter, network } = combine(inputs, scales, stack);
  const named = inputs.map(({ path, file: { header } }) => ({ path, header }));
  if (checkpoint !== undefined) {
    const progress = stack.use(terminalProgress());
    const { changed, layers } = await mergeInto(String(checkpoint), adapter, network.prefix, String(out), {
      signal,
      header: (texts, merged) => {
        const { [ORIGIN]: _before, ...others } = texts, base = { path: String(checkpoint), header: texts };
        return { ...others, ...headerOf(merged ? [base, ...named] : named) };
      },
      onTensor: (step, steps) => progress.draw({ kind: "step", label: "tensors", step, steps, numbers: {} }),
    });
    progress.end();
    return console.log(`${out}: ${changed} of ${layers} layers of ${checkpoint} changed`);
  }
  await writeLora(String(out), adapter, network, { format, header: headerOf(named) });
  const written = await readLora(String(out), network);
  stack.defer(() => Object.values(written.params).forEach((tensor) => tensor.dispose()));
  console.log(`${out}: ${format}, ${describeLora(written, written.network)}`);
});

/** What adapters that are added up, or a checkpoint and they, say of how they were trained; nothing, if one says nothing. */
function headerOf(parts: readonly { readonly path: string; readonly header: Readonly<Record<string, string>> }[]) {
  const records = parts.map(({ path, header }) => ({ path, origin: originOf(path, header) })),
    origin = commonOrigin(records);
  return originText(records.every((record) => record.origin !== null) ? origin : null);
}

/** An adapter may be days of training: none is written over unasked. */
function checkNew(out: string, format: LoraFormat): void {
  const there = loraOutputs(out, format).find((path) => existsSync(path) && !statSync(path).isDirectory());
  if (there === undefined) return;
  throw new UsageError(
    `Cannot write ${out} as nothing is written over: current value is ${there}, which is there; ` +
      `name another --out, or give --overwrite`,
  );
}

/** Writing over an adapter that is read would lose it. */
async function checkOutput(inputs: readonly string[], out: string): Promise<void> {
  for (const path of inputs) {
    const file = resolve(await findLora(path)), folder = dirname(file);
    if (![file, folder].includes(resolve(out))) continue;
    throw new UsageError(`Cannot write ${out} as it must be none of its inputs: current value is ${path}`);
  }
}
