/** `deno task notebooks`: opens JupyterLab on the notebooks; `deno task notebooks:run` executes them all without a browser. */
import { AsasrError, UsageError } from "../core/mod.ts";
import { runCommand } from "./command.ts";
import { installJupyter, openLab, runNotebooks } from "./notebooks/mod.ts";
import { helpText, list, type Option, readOptions } from "./options.ts";

const options: Record<string, Option> = {
  run: { type: "boolean", help: "execute and type-check the notebooks without a browser (deno task notebooks:run)" },
  only: {
    type: "string",
    multiple: true,
    value: "NAME",
    help: "with --run: these notebooks, such as 01-flow-matching",
  },
  save: { type: "boolean", help: "with --run: write the outputs into the notebooks" },
  "no-browser": { type: "boolean", help: "print the address of JupyterLab instead of opening it" },
  port: { type: "string", value: "PORT", help: "serve JupyterLab there" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Installs JupyterLab (notebooks/requirements.txt) into the folder .venv with the Deno kernel that runs now.\n" +
  "Does not touch another Jupyter. pip's own settings apply.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task notebooks [options]", about, options));
  if (!values.run && (values.only || values.save)) {
    throw new UsageError("Cannot use --only or --save as they go with --run: current value is without");
  }
  const jupyter = await installJupyter({ signal, onProgress: console.log });
  if (!values.run) {
    const port = values.port as string | undefined;
    return await openLab(jupyter, { browser: !values["no-browser"], port, signal });
  }
  const { passed, failed } = await runNotebooks(jupyter, {
    only: list(values.only),
    save: Boolean(values.save),
    signal,
    onProgress: console.log,
  });
  console.log(`${passed} passed, ${failed} failed`);
  if (failed) throw new AsasrError("Cannot accept the notebooks as every one must pass: see above");
});
