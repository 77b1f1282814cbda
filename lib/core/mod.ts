/** Axis names, tensor lifetimes, parameter trees, keyed random numbers, atomic files, errors and progress. @module */
export { axes } from "./axes.ts";
export type { AxisLetter, AxisLetters, NamedAxes } from "./axes.ts";
export { csvText, parseCsv } from "./csv.ts";
export {
  AsasrError,
  DataError,
  EngineError,
  InputOutputError,
  LockedError,
  RefusedError,
  StoppedError,
  TrainingError,
  UsageError,
} from "./errors.ts";
export { inputOutputError, readBytes, writeAtomic } from "./files.ts";
export { findFile } from "./find_file.ts";
export { sha256File } from "./hash_file.ts";
export { canonicalJson, contentHash, readJson, sha256Hex, writeCompactJson, writeJson } from "./json.ts";
export type { JsonValue } from "./json.ts";
export { duplicateKey } from "./json_keys.ts";
export { isFolderLocked, lockFolder } from "./lock.ts";
export { logGamma } from "./log_gamma.ts";
export { availableMemory, formatGibibytes, peakMemory } from "./memory.ts";
export {
  cloneParams,
  countParams,
  disposeParams,
  downloadParams,
  encodeParams,
  hashParams,
  mapParams,
  paramsEqualBytes,
  uploadParams,
  zerosLikeParams,
} from "./params.ts";
export type { Params } from "./params.ts";
export { checkRunId, containedPath } from "./paths.ts";
export { philox4x32, PHILOX_WORDS } from "./philox.ts";
export { drawPoisson } from "./poisson.ts";
export { formatDuration, progressMeter } from "./progress.ts";
export type { Progress, ProgressMeter, StepReport } from "./progress.ts";
export { normalTensor } from "./random_tensor.ts";
export { rng } from "./rng.ts";
export type { Rng } from "./rng.ts";
export { tensorScope, tensorsOf } from "./scope.ts";
export type { TensorScope } from "./scope.ts";
export {
  DTYPE_BYTES,
  encodeTensorHeader,
  HEADER_PREFIX,
  parseTensorHeader,
  tensorHeaderLength,
} from "./tensor_header.ts";
export type { FileDtype, TensorEntry, TensorHeader } from "./tensor_header.ts";
export { decodeTensors, encodeTensors } from "./tensors_file.ts";
export type { HostTensor } from "./tensors_file.ts";
