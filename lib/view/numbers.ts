/** Write a number of an axis: as short as it can be, powers of ten for the very large and very small. */
export function formatTick(value: number): string {
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  if (magnitude >= 1e5 || magnitude < 1e-3) {
    const [mantissa, power] = value.toExponential().split("e");
    return `${mantissa === "1" ? "" : `${minus(mantissa)}·`}10${superscript(Number(power))}`;
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

/** Write a mean and its spread; the mean alone where there is no spread. */
export function formatSpread(mean: number, sd: number, digits: number): string {
  return Number.isFinite(sd) ? `${formatFixed(mean, digits)} ± ${formatFixed(sd, digits)}` : formatFixed(mean, digits);
}

/** Write a p-value. */
export function formatP(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

function minus(text: string): string {
  return text.replace("-", "−");
}

function superscript(power: number): string {
  return minus(String(power)).replace(/[−\d]/g, (c) => c === "−" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]);
}
