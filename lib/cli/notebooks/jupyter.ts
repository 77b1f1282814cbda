import { join } from "node:path";
import { writeJson } from "../../core/mod.ts";
import { type InstallOptions, installPython, type PythonEnvironment, pythonEnvironment } from "../python/mod.ts";

const root = join(import.meta.dirname!, "../../..");

/** Folder of the notebooks. */
export const NOTEBOOKS: string = join(root, "notebooks");

/** Jupyter in an environment of its own. */
export interface Jupyter {
  /** The Python whose module `jupyter` to run. */
  readonly python: string;
  /** The virtual environment. */
  readonly venv: string;
  /** Environment variables that keep all of Jupyter's files in the environment. */
  readonly env: Record<string, string>;
}

/**
 * Install Jupyter and its Deno kernel into an environment of their own; nothing of the user's is read or changed.
 *
 * @param options `environment`: by default `.venv` in the project; the rest as for any installation.
 * @returns How to run it.
 * @throws {EngineError} If there is no fitting Python or pip fails.
 */
export async function installJupyter(
  options: Pick<InstallOptions, "signal" | "onProgress"> & { environment?: PythonEnvironment } = {},
): Promise<Jupyter> {
  const { environment = jupyterEnvironment(), ...rest } = options;
  await installPython(environment, {
    ...rest,
    what: "Jupyter",
    gigabytes: 1,
    check: "import jupyterlab, nbconvert; print(f'JupyterLab {jupyterlab.__version__}')",
  });
  await installKernel(environment);
  return { python: environment.python, venv: environment.venv, env: jupyterVariables(environment) };
}

/** The places of Jupyter's environment in the project. */
export function jupyterEnvironment(folder: string = join(root, ".venv")): PythonEnvironment {
  return pythonEnvironment(folder, join(NOTEBOOKS, "requirements.txt"));
}

/**
 * Write the Deno kernel into an environment. The kernel is the Deno that runs now, by its absolute path, so it is
 * written anew each time.
 *
 * @returns Path of the kernel's description.
 */
export async function installKernel({ venv }: PythonEnvironment): Promise<string> {
  const path = join(venv, "share", "jupyter", "kernels", "deno", "kernel.json");
  await writeJson(path, {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
  });
  return path;
}

function jupyterVariables({ folder }: PythonEnvironment): Record<string, string> {
  return {
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    IPYTHONDIR: join(folder, "ipython"),
  };
}
