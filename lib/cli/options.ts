import { parseArgs } from "node:util";
import { UsageError } from "../core/mod.ts";

/** An option of a command. */
export interface Option {
  readonly type: "string" | "boolean";
  /** May be given more than once. */
  readonly multiple?: boolean;
  /** For `--help`: the placeholder of the value. */
  readonly value?: string;
  readonly help: string;
}

/** Values as the command line gave them. */
export type OptionValues = Record<string, string | boolean | string[] | undefined>;

/**
 * Reads the command line.
 *
 * @throws {UsageError} If an option is unknown, lacks its value, or a positional argument is given.
 */
export function readOptions(args: readonly string[], options: Readonly<Record<string, Option>>): OptionValues {
  return parse(args, options, false).values;
}

/**
 * Reads a command line that names folders beside its options.
 *
 * @returns The values, and the arguments that belong to no option, in order.
 * @throws {UsageError} If an option is unknown or lacks its value.
 */
export function readArguments(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
): { values: OptionValues; operands: string[] } {
  return parse(args, options, true);
}

function parse(args: readonly string[], options: Readonly<Record<string, Option>>, allowPositionals: boolean) {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
  );
  try {
    const parsed = parseArgs({ args: [...args], options: config, strict: true, allowPositionals });
    return { values: parsed.values as OptionValues, operands: parsed.positionals };
  } catch (error) {
    throw new UsageError(
      `Cannot read the command line: ${(error as Error).message.split("\n")[0]} (--help lists the options)`,
    );
  }
}

/** The text of `--help`. */
export function helpText(usage: string, about: string, options: Readonly<Record<string, Option>>): string {
  const rows = Object.entries(options).map(([name, { value, help }]) => [`--${name}${value ? ` ${value}` : ""}`, help]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [`Usage: ${usage}`, "", about, "", ...rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`)].join(
    "\n",
  );
}

/** Reads `a,b,c`, given once or several times; undefined if not given or empty. */
export function list(value: OptionValues[string]): string[] | undefined {
  if (value === undefined || typeof value === "boolean") return undefined;
  const items = [value].flat().flatMap((text) => text.split(",")).map((item) => item.trim()).filter(Boolean);
  return items.length ? items : undefined;
}

/**
 * Reads one of a fixed set of words.
 *
 * @throws {UsageError} If the word is not in the set.
 */
export function oneOf<T extends string>(
  name: string,
  value: OptionValues[string],
  words: readonly T[],
  otherwise: T,
): T {
  if (value === undefined) return otherwise;
  const word = words.find((candidate) => candidate === value);
  if (!word) {
    throw new UsageError(`Cannot read --${name} as it must be one of ${words.join(", ")}: current value is ${value}`);
  }
  return word;
}

/**
 * Reads whole numbers `0,1,2`.
 *
 * @throws {UsageError} If one is not a whole number of at least 0, or stands twice.
 */
export function wholeNumbers(name: string, value: OptionValues[string]): number[] | undefined {
  const items = list(value);
  if (items && new Set(items).size !== items.length) {
    throw new UsageError(`Cannot read --${name} as every number may stand once: current value is ${items.join(",")}`);
  }
  return items?.map((text) => {
    if (!/^\d{1,9}$/.test(text)) {
      throw new UsageError(`Cannot read --${name} as it must be whole numbers such as 0,1,2: current value is ${text}`);
    }
    return Number(text);
  });
}

/**
 * Reads one whole number.
 *
 * @throws {UsageError} If it is not a whole number from `least` up, below a billion.
 */
export function wholeNumber(name: string, value: OptionValues[string], otherwise: number, least = 0): number {
  if (value === undefined) return otherwise;
  const text = String(value);
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) {
    throw new UsageError(`Cannot read --${name} as it must be a whole number from ${least}: current value is ${text}`);
  }
  return Number(text);
}
