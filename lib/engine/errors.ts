import { oneLine } from "./one_line.ts";

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
   * @param message One line: "Cannot <verb> <object> as <rule>: current value is <x>"; control characters, as a file name
   * may hold them, become visible.
   * @param options The underlying error, as in `Error`.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
    this.name = new.target.name;
  }
}

/** An engine that cannot be had, or cannot be had as asked (exit code 69: service unavailable, as sysexits.h has it). */
export class EngineError extends AsasrError {
  /** 69. */
  override readonly exitCode: number = 69;
}
