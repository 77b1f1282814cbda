import util from "node:util";

/** Functions that tfjs-node calls and that newer runtimes dropped from node:util. Import this module before tfjs-node's. */
const dropped = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: Array.isArray,
};

for (const [name, implementation] of Object.entries(dropped)) {
  if (!(name in util)) Object.assign(util, { [name]: implementation });
}
