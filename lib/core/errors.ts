import { AsasrError } from "../engine/mod.ts";

export { AsasrError, EngineError } from "../engine/mod.ts";

/** An option, key, arm or preset that does not exist or does not fit (exit code 64). */
export class UsageError extends AsasrError {
  /** 64. */
  override readonly exitCode: number = 64;
}

/** A file or folder whose content cannot be used (exit code 65). */
export class DataError extends AsasrError {
  /** 65. */
  override readonly exitCode: number = 65;
}

/** A loss, a gradient or a restored image that is not finite (exit code 70). */
export class TrainingError extends AsasrError {
  /** 70. */
  override readonly exitCode: number = 70;
}

/** A folder that another run holds (exit code 73). */
export class LockedError extends AsasrError {
  /** 73. */
  override readonly exitCode: number = 73;
}

/** A file that cannot be read or written, or a full disk (exit code 74). */
export class InputOutputError extends AsasrError {
  /** 74. */
  override readonly exitCode: number = 74;
}

/** A run that was asked to stop and can be resumed (exit code 75). */
export class StoppedError extends AsasrError {
  /** 75. */
  override readonly exitCode: number = 75;
}

/** A run that is refused before it starts, as memory or weights are missing (exit code 78). */
export class RefusedError extends AsasrError {
  /** 78. */
  override readonly exitCode: number = 78;
}
