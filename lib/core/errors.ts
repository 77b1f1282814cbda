/**
 * An error whose message is meant for the person at the terminal: one line, no stack trace.
 *
 * The entry points print `message` and exit with `exitCode`; any other error is a defect of the program.
 */
export class AsasrError extends Error {
  /** The exit code of a process that stops with this error. */
  readonly exitCode: number = 1;

  /**
   * Make an error.
   *
   * @param message One line: "Cannot <verb> <object> as <rule>: current value is <x>".
   * @param options The underlying error, as in `Error`.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

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

/** An engine that is not available or failed (exit code 69). */
export class EngineError extends AsasrError {
  /** 69. */
  override readonly exitCode: number = 69;
}

/** A loss or gradient that is not finite (exit code 70). */
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
