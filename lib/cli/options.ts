import { basename, resolve } from "node:path";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { UsageError } from "../core/mod.ts";

/** An option of a command. */
export interface Option {
  /** With a value, or alone. */
  readonly type: "string" | "boolean";
  /** May be given more than once. */
  readonly multiple?: boolean;
  /** For `--help`: the placeholder of the value. */
  readonly value?: string;
  /** For `--help`: what it does. */
  readonly help: string;
}

/** Values as the command line gave them. */
export type OptionValues = Record<string, string | boolean | string[] | undefined>;

/**
 * Reads the command line.
 *
 * @throws {UsageError} If an option is unknown, lacks its value or has an empty one, or a positional argument is given.
 */
export function readOptions(args: readonly string[], options: Readonly<Record<string, Option>>): OptionValues {
  return read(args, options, false).values;
}

/**
 * Reads a command line that names folders beside its options.
 *
 * @returns The values, and the arguments that belong to no option, in order.
 * @throws {UsageError} If an option is unknown, lacks its value or has an empty one.
 */
export function readArguments(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
): { values: OptionValues; operands: string[] } {
  return read(args, options, true);
}

function read(args: readonly string[], options: Readonly<Record<string, Option>>, allowPositionals: boolean) {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
  );
  const { values, operands } = parse(args, config, allowPositionals);
  for (const [name, value] of Object.entries(values)) {
    // As a shell gives for a variable that is not set: nothing that could be meant.
    if ([value].flat().includes("")) {
      throw new UsageError(`Cannot read --${name} as it needs a value: current value is empty`);
    }
  }
  return { values, operands };
}

function parse(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  allowPositionals: boolean,
): { values: OptionValues; operands: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals });
    return { values: values as OptionValues, operands: positionals };
  } catch (error) {
    const reason = (error as Error).message.replaceAll("\n", " ");
    throw new UsageError(`Cannot read the command line: ${reason} (--help lists the options)`);
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

/** Reads paths, given once or several times, as they stand: a name may hold a comma. Undefined if not given. */
export function paths(value: OptionValues[string]): string[] | undefined {
  return value === undefined || typeof value === "boolean" ? undefined : [value].flat();
}

/** A path and what tables and pictures call it. */
export interface NamedPath {
  readonly name: string;
  readonly path: string;
}

/**
 * Reads `NAME=PATH`, or a path alone.
 *
 * @param nameOf The name of a path alone: by default its last part.
 */
export function namedPath(text: string, nameOf = (path: string) => basename(resolve(path))): NamedPath {
  const at = text.indexOf("=");
  return at > 0 ? { name: text.slice(0, at), path: text.slice(at + 1) } : { name: nameOf(text), path: text };
}

/**
 * Reads `a,b,c`, given once or several times; undefined if not given.
 *
 * @throws {UsageError} If an item is empty.
 */
export function list(value: OptionValues[string]): string[] | undefined {
  const items = paths(value)?.flatMap((text) => text.split(",")).map((item) => item.trim());
  if (items?.includes("")) {
    throw new UsageError(`Cannot read a list as no item may be empty: current value is ${items.join(",")}`);
  }
  return items;
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
  const numbers = list(value)?.map((text) => {
    if (!/^\d{1,9}$/.test(text)) {
      throw new UsageError(`Cannot read --${name} as it must be whole numbers such as 0,1,2: current value is ${text}`);
    }
    return Number(text);
  });
  if (numbers && new Set(numbers).size !== numbers.length) {
    throw new UsageError(`Cannot read --${name} as every number may stand once: current value is ${numbers.join(",")}`);
  }
  return numbers;
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
