/** Jupyter for the notebooks: installing it, opening it, executing and checking notebooks without a browser. @module */
export {
  type Cell,
  encodeNotebook,
  type Notebook,
  type Output,
  problemsOf,
  publishable,
  sourceOf,
} from "./document.ts";
export { executeNotebook } from "./execute.ts";
export { installJupyter, installKernel, type Jupyter, jupyterEnvironment, NOTEBOOKS } from "./jupyter.ts";
export { openLab } from "./lab.ts";
export { runNotebooks, type RunNotebooksOptions } from "./run.ts";
export { cellsAsModule, typeCheckNotebook } from "./type_check.ts";
