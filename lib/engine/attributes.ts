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

/** What takes attributes: an eager operation or one of a graph. The C API names the two families alike. */
interface AttributeTarget {
  type(name: Name, value: number): void;
  int(name: Name, value: bigint): void;
  intList(name: Name, values: Bytes, count: number): void;
  float(name: Name, value: number): void;
  bool(name: Name, value: number): void;
  string(name: Name, value: Bytes, length: bigint): void;
  shape(name: Name, dims: Bytes, rank: number): void;
}
type Bytes = Uint8Array<ArrayBuffer>;
type Name = Bytes;

/** Returns the setters of an eager operation. */
export function eagerTarget(api: CApi, op: Deno.PointerValue, status: Deno.PointerValue): AttributeTarget {
  return {
    type: (name, value) => api.TFE_OpSetAttrType(op, name, value),
    int: (name, value) => api.TFE_OpSetAttrInt(op, name, value),
    intList: (name, values, count) => api.TFE_OpSetAttrIntList(op, name, values, count),
    float: (name, value) => api.TFE_OpSetAttrFloat(op, name, value),
    bool: (name, value) => api.TFE_OpSetAttrBool(op, name, value),
    string: (name, value, length) => api.TFE_OpSetAttrString(op, name, value, length),
    shape: (name, dims, rank) => api.TFE_OpSetAttrShape(op, name, dims, rank, status),
  };
}

/** Returns the setters of an operation under construction in a graph. */
export function graphTarget(api: CApi, description: Deno.PointerValue): AttributeTarget {
  return {
    type: (name, value) => api.TF_SetAttrType(description, name, value),
    int: (name, value) => api.TF_SetAttrInt(description, name, value),
    intList: (name, values, count) => api.TF_SetAttrIntList(description, name, values, count),
    float: (name, value) => api.TF_SetAttrFloat(description, name, value),
    bool: (name, value) => api.TF_SetAttrBool(description, name, value),
    string: (name, value, length) => api.TF_SetAttrString(description, name, value, length),
    shape: (name, dims, rank) => api.TF_SetAttrShape(description, name, dims, rank),
  };
}

/**
 * Sets attributes on an operation.
 *
 * Integers are truncated, as the official addon does: tfjs passes random seeds such as 3.14.
 *
 * @throws {TypeError} If an attribute has a type that no kernel of the engine uses.
 */
export function setAttributes(target: AttributeTarget, attributes: readonly Attribute[]): void {
  for (const { name, type, value } of attributes) {
    const key = cName(name);
    if (type === AttributeType.TYPE) target.type(key, Number(value));
    else if (type === AttributeType.INT && Array.isArray(value)) target.intList(key, int64Bytes(value), value.length);
    else if (type === AttributeType.INT) target.int(key, BigInt(Math.trunc(Number(value))));
    else if (type === AttributeType.FLOAT) target.float(key, Number(value));
    else if (type === AttributeType.BOOL) target.bool(key, value ? 1 : 0);
    else if (type === AttributeType.SHAPE && Array.isArray(value)) target.shape(key, int64Bytes(value), value.length);
    else if (type === AttributeType.STRING) {
      const bytes = new TextEncoder().encode(String(value));
      target.string(key, bytes, BigInt(bytes.length));
    } else throw new TypeError(`Cannot set attribute ${name} as its type must be known: current value is ${type}`);
  }
}
