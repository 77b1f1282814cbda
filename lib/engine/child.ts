/** How a child process ended. */
export interface ChildResult {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** "exit code 1" or "signal SIGSEGV". */
  readonly ending: string;
}

/** What a child process may be given besides its arguments. */
export interface ChildOptions {
  readonly env?: Record<string, string>;
  /** Called about twice a second while the child runs. */
  readonly onTick?: () => void;
}

/**
 * Runs a program and collects what it prints.
 *
 * @throws {Deno.errors.NotFound} If there is no such program.
 */
export async function runChild(
  program: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<ChildResult> {
  const command = new Deno.Command(program, {
    args: [...args],
    env: options.env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const timer = options.onTick && setInterval(options.onTick, 500);
  try {
    const { success, code, signal, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    const ending = signal === null ? `exit code ${code}` : `signal ${signal}`;
    return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), ending };
  } finally {
    clearInterval(timer);
  }
}
