/**
 * The test files of @tensorflow/tfjs-core, to run on the native engine. `run.ts` bundles this module, so that the tests,
 * the kernels and the engine share one copy of tfjs.
 */
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { setTestEnvs } from "@tensorflow/tfjs-core/dist/jasmine_util";
import * as tf from "@tensorflow/tfjs";
import { NativeEngine } from "../../lib/engine/native_engine.ts";
import { registerNativeBackend } from "../../lib/engine/register.ts";
import { type LibraryFiles, loadTensorFlow } from "../../lib/engine/tensorflow.ts";

/** Starts the engine and declares all tests to the jasmine that is global by now. */
export async function declareTests(library: LibraryFiles): Promise<void> {
  registerNativeBackend(new NativeEngine(loadTensorFlow(library, { threads: 2, gpu: false })));
  await tf.setBackend("tensorflow");
  setTestEnvs([{ name: "test-tensorflow", backendName: "tensorflow", flags: {}, isDataSync: true }]);
  await import("@tensorflow/tfjs-core/dist/tests");
}
