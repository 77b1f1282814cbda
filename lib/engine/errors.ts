/**
 * An engine that cannot be had, or cannot be had as asked.
 *
 * Its message is one line for the person at the terminal; a process that stops with it exits with code 69.
 */
export class EngineError extends Error {
  /** 69: service unavailable, as sysexits.h numbers it. */
  readonly exitCode = 69;

  /**
   * Make an error.
   *
   * @param message One line: "Cannot <verb> <object> as <rule>: current value is <x>".
   * @param options The underlying error, as in `Error`.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EngineError";
  }
}
