/** Child process of `verifyLibrary`: loads a library, multiplies two matrices and prints what it found as JSON. */
import { AttributeType } from "./attributes.ts";
import { DataType } from "./c_api.ts";
import { NativeEngine } from "./native_engine.ts";
import { loadTensorFlow } from "./tensorflow.ts";

const [kind, library] = Deno.args;
try {
  const engine = new NativeEngine(loadTensorFlow(JSON.parse(library), { threads: 1, gpu: kind === "gpu" }));
  const left = engine.createTensor([2, 3], DataType.FLOAT, Float32Array.of(1, 2, 3, 4, 5, 6));
  const right = engine.createTensor([3, 2], DataType.FLOAT, Float32Array.of(7, 8, 9, 10, 11, 12));
  const [product] = engine.executeOp(
    "MatMul",
    [{ name: "T", type: AttributeType.TYPE, value: DataType.FLOAT }],
    [left, right],
    1,
  );
  const values = Array.from(engine.tensorDataSync(product.id));
  const expected = [58, 64, 139, 154];
  const agree = values.length === 4 && values.every((value, index) => value === expected[index]);
  if (!agree) throw new Error(`a product of two matrices should be ${expected}: it is ${values}`);
  const { version, gpus } = engine.tensorflow;
  console.log(JSON.stringify({ version, gpus }));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).message }));
}
