/** Python environments of the project: pinned packages, each set in a folder of its own. @module */
export { isInstalled, type PythonEnvironment, pythonEnvironment } from "./environment.ts";
export { findPython, type Python } from "./find.ts";
export { type InstallOptions, installPython } from "./install.ts";
export { runPython, type RunPythonOptions } from "./run.ts";
