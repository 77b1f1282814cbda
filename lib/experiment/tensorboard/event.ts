/** One event of a TensorBoard file: what was measured after a step. */
export interface ScalarEvent {
  /** Optimizer steps done. */
  readonly step: number;
  /** When, in seconds since 1970. */
  readonly wallTime: number;
  /** Values by tag; stored as float32. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** Numbers of the fields in TensorFlow's `event.proto` and `summary.proto`. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 } as const;
/** Wire types of protocol buffers. */
const WIRE = { varint: 0, double: 1, bytes: 2, float: 5 } as const;

/** Encode an event of scalars as the protocol buffer `tensorflow.Event`. */
export function encodeScalars({ step, wallTime, scalars }: ScalarEvent): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) => {
    const text = field(VALUE.tag, new TextEncoder().encode(tag));
    return field(SUMMARY_VALUE, concat([text, key(VALUE.simpleValue, WIRE.float), float(value)]));
  });
  return concat([
    key(EVENT.wallTime, WIRE.double),
    double(wallTime),
    key(EVENT.step, WIRE.varint),
    varint(step),
    field(EVENT.summary, concat(values)),
  ]);
}

/** Encode the first event of a file, which names the version of the format. */
export function encodeFileVersion(wallTime: number): Uint8Array {
  const version = field(EVENT.fileVersion, new TextEncoder().encode("brain.Event:2"));
  return concat([key(EVENT.wallTime, WIRE.double), double(wallTime), version]);
}

/** Read the step of an encoded event; 0 where it has none, as protocol buffers leave zeros out. */
export function stepOf(event: Uint8Array): number {
  const view = new DataView(event.buffer, event.byteOffset, event.byteLength);
  const start = 9; // after the wall time: one byte of key, eight of value
  if (view.byteLength <= start || view.getUint8(start) !== (EVENT.step << 3 | WIRE.varint)) return 0;
  let step = 0;
  for (let at = start + 1, factor = 1; at < view.byteLength; at++, factor *= 128) {
    const byte = view.getUint8(at);
    step += (byte & 127) * factor;
    if (byte < 128) break;
  }
  return step;
}

function field(number: number, content: Uint8Array): Uint8Array {
  return concat([key(number, WIRE.bytes), varint(content.length), content]);
}

function key(number: number, wire: number): Uint8Array {
  return varint(number << 3 | wire);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
  return Uint8Array.from([...bytes, value]);
}

function float(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
}

function double(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

/** Joins bytes. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
