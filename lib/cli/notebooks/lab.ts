import { join } from "node:path";
import { EngineError, writeJson } from "../../core/mod.ts";
import { type Jupyter, NOTEBOOKS } from "./jupyter.ts";

/**
 * Open JupyterLab on the notebooks, until the person ends it.
 *
 * @param jupyter Where it is installed.
 * @param options `browser`: open one; `port`: where to serve, by default the first free one from 8888; `signal`: ends it.
 * @throws {EngineError} If JupyterLab does not run.
 */
export async function openLab(
  jupyter: Jupyter,
  options: { browser: boolean; port?: string; signal: AbortSignal },
): Promise<void> {
  const { signal } = options;
  const flags = [
    `--ServerApp.root_dir=${NOTEBOOKS}`,
    "--ServerApp.answer_yes=True",
    ...(options.browser ? [] : ["--no-browser"]),
    ...(options.port ? [`--port=${options.port}`] : []),
    ...(Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : []),
  ];
  await writeJson(join(jupyter.venv, "share", "jupyter", "lab", "settings", "overrides.json"), SETTINGS);
  const command = new Deno.Command(jupyter.python, { args: ["-m", "jupyterlab", ...flags], env: jupyter.env, signal });
  const { success, code } = await command.spawn().status;
  if (!success && !signal.aborted) {
    throw new EngineError(`Cannot open JupyterLab as it must end well: current value is exit code ${code}`);
  }
}

/** JupyterLab asks nobody for news. */
const SETTINGS = {
  "@jupyterlab/apputils-extension:notification": {
    checkForUpdates: false,
    doNotDisturbMode: false,
    fetchNews: "false",
  },
};
