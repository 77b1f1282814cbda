/** Media types of a notebook output, each with its content; images in base64. */
export type MediaBundle = Readonly<Record<string, string | object>>;

/** Name of the method by which a notebook asks a value how to show it. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display");

/** A value that a notebook shows as more than text. */
export interface Displayable {
  /** Its media types, made when it is shown. */
  readonly [displaySymbol]: () => MediaBundle | Promise<MediaBundle>;
}

/** Give a value the method by which a notebook shows it. */
export function displayable<T extends object>(
  value: T,
  display: () => MediaBundle | Promise<MediaBundle>,
): T & Displayable {
  return Object.defineProperty(value, displaySymbol, { value: display }) as T & Displayable;
}

/** Whether a value says how to show it. */
export function isDisplayable(value: unknown): value is Displayable {
  return typeof value === "object" && value !== null && displaySymbol in value;
}
