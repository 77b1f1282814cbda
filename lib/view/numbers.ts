/**
 * Write a number of an axis: as short as it can be, powers of ten for the very large and very small.
 *
 * @param power Write a power of ten in any case.
 */
export function formatTick(value: number, power = false): string {
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  if (power || magnitude >= 1e5 || magnitude < 1e-3) {
    const [mantissa, exponent] = value.toExponential().split("e");
    return `${mantissa === "1" ? "" : `${minus(mantissa)}·`}10${superscript(Number(exponent))}`;
  }
  return minus(String(value));
}

/** Write a number with a fixed count of decimals; "–" where there is none. */
export function formatFixed(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return minus(value.toFixed(digits));
}

/** Write a difference: with its sign, and without one where it rounds to zero. */
export function formatSigned(value: number | null | undefined, digits: number): string {
  const text = formatFixed(value, digits);
  if (value === null || value === undefined || !(value > 0)) return /^−0(\.0*)?$/.test(text) ? text.slice(1) : text;
  return /^0(\.0*)?$/.test(text) ? text : `+${text}`;
}

/** Write a spread after its mean; nothing where there is none. */
export function formatSpread(sd: number | null, digits: number): string | undefined {
  return sd !== null && Number.isFinite(sd) ? `± ${formatFixed(sd, digits)}` : undefined;
}

/** Write a p-value. */
export function formatP(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** `p = 0.012`, `p < 0.001`; nothing without a p-value. */
export function pText(p: number | null | undefined): string {
  if (typeof p !== "number" || !Number.isFinite(p)) return "";
  const text = formatP(p);
  return text.startsWith("<") ? `p ${text}` : `p = ${text}`;
}

function minus(text: string): string {
  return text.replace("-", "−");
}

function superscript(power: number): string {
  return minus(String(power)).replace(/[−\d]/g, (c) => c === "−" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]);
}
