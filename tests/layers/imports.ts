/** `import ... from`, `export ... from`: only names, braces, commas and stars stand between. */
const FROM = /^(?:import|export)\s+[\w$*\s{},]*?from\s*["']([^"']+)["']/gm;
/** `import "x"`. */
const EFFECT = /^import\s*["']([^"']+)["']/gm;
/** `import("x")`, `require("x")`, `require.resolve("x")`, `import.meta.resolve("x")`. */
const CALL = /\b(?:import|require)(?:(?:\.meta)?\.resolve)?\(\s*["']([^"']+)["']/g;

/**
 * Lists what a source text imports, types included.
 *
 * @returns Specifiers as written, without repetition, sorted.
 */
export function importsOf(source: string): string[] {
  const found = [FROM, EFFECT, CALL].flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1]));
  return [...new Set(found)].sort();
}
