import type { CApi } from "./c_api.ts";
import { cName, int64Bytes } from "./c_text.ts";

/** Numbers of the attribute types (`TF_AttrType`). */
export const AttributeType = { STRING: 0, INT: 1, FLOAT: 2, BOOL: 3, TYPE: 4, SHAPE: 5, RESOURCE: 9 } as const;

/** An attribute as tfjs's kernels give it. */
export interface Attribute {
  name: string;
  type: number;
  value: boolean | number | object | string | number[];
}

type Op = Deno.PointerValue;
type Bytes = Uint8Array<ArrayBuffer>;

/** The functions that set attributes: one family for eager operations, one for operations of a graph. */
export interface AttributeSetters {
  type(op: Op, name: Bytes, value: number): void;
  int(op: Op, name: Bytes, value: bigint): void;
  intList(op: Op, name: Bytes, values: Bytes, count: number): void;
  float(op: Op, name: Bytes, value: number): void;
  bool(op: Op, name: Bytes, value: number): void;
  string(op: Op, name: Bytes, value: Bytes, length: bigint): void;
  shape(op: Op, name: Bytes, dims: Bytes, rank: number): void;
}

/** Returns the setters for eager operations, which report a bad shape through `status`. */
export function eagerSetters(api: CApi, status: Deno.PointerValue): AttributeSetters {
  return {
    type: api.TFE_OpSetAttrType,
    int: api.TFE_OpSetAttrInt,
    intList: api.TFE_OpSetAttrIntList,
    float: api.TFE_OpSetAttrFloat,
    bool: api.TFE_OpSetAttrBool,
    string: api.TFE_OpSetAttrString,
    shape: (op, name, dims, rank) => api.TFE_OpSetAttrShape(op, name, dims, rank, status),
  };
}

/** Returns the setters for operations under construction in a graph. */
export function graphSetters(api: CApi): AttributeSetters {
  return {
    type: api.TF_SetAttrType,
    int: api.TF_SetAttrInt,
    intList: api.TF_SetAttrIntList,
    float: api.TF_SetAttrFloat,
    bool: api.TF_SetAttrBool,
    string: api.TF_SetAttrString,
    shape: api.TF_SetAttrShape,
  };
}

/**
 * Sets attributes on an operation.
 *
 * Integers are truncated, as the official addon does: tfjs passes random seeds such as 3.14.
 *
 * @throws {TypeError} If an attribute has a type that no kernel of the engine uses.
 */
export function setAttributes(setters: AttributeSetters, op: Op, attributes: readonly Attribute[]): void {
  for (const { name, type, value } of attributes) {
    const key = cName(name);
    if (type === AttributeType.TYPE) setters.type(op, key, Number(value));
    else if (type === AttributeType.INT && Array.isArray(value)) {
      setters.intList(op, key, int64Bytes(value), value.length);
    } else if (type === AttributeType.INT) setters.int(op, key, BigInt(Math.trunc(Number(value))));
    else if (type === AttributeType.FLOAT) setters.float(op, key, Number(value));
    else if (type === AttributeType.BOOL) setters.bool(op, key, value ? 1 : 0);
    else if (type === AttributeType.SHAPE && Array.isArray(value)) {
      setters.shape(op, key, int64Bytes(value), value.length);
    } else if (type === AttributeType.STRING) {
      const bytes = new TextEncoder().encode(String(value));
      setters.string(op, key, bytes, BigInt(bytes.length));
    } else throw new TypeError(`Cannot set attribute ${name} as its type must be known: current value is ${type}`);
  }
}
