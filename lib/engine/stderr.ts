const symbols = {
  dup: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/** Names of the C library, by operating system; elsewhere stderr is left alone. */
const libraries: Partial<Record<typeof Deno.build.os, string>> = { linux: "libc.so.6", darwin: "libSystem.dylib" };

/**
 * Runs `work` while the process's file descriptor 2 points to nowhere, and restores it whatever happens.
 *
 * For C++ code that writes to stderr before its log level can be set. Errors still arrive as exceptions.
 */
export function withoutStderr<T>(work: () => T): T {
  const name = libraries[Deno.build.os];
  if (name === undefined) return work();
  const { dup, dup2, open, close } = Deno.dlopen(name, symbols).symbols;
  const saved = dup(2);
  const nowhere = open(new TextEncoder().encode("/dev/null\0"), 1); // 1 = O_WRONLY
  dup2(nowhere, 2);
  try {
    return work();
  } finally {
    dup2(saved, 2);
    close(saved);
    close(nowhere);
  }
}
