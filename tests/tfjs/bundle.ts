import { build, type Plugin } from "esbuild";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../lib/engine/cache_folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** tfjs-node's backend is a class of ES5; the class of tfjs-core's modules that it extends cannot be called. */
const constructBase: Plugin = {
  name: "construct-base",
  setup({ onLoad }) {
    onLoad({ filter: /nodejs_kernel_backend\.js$/ }, async ({ path }) => {
      const text = await Deno.readTextFile(path);
      return { contents: text.replace("_super.call(this) || this", "Reflect.construct(_super, [], new.target)") };
    });
  },
};

/** Bundles `suite.ts` with one copy of tfjs, of ES modules, and returns the path of the bundle. */
export async function bundleSuite(): Promise<string> {
  const outfile = join(cacheFolder(), "tests", "tfjs-core.mjs");
  await build({
    entryPoints: [join(root, "tests/tfjs/suite.ts")],
    absWorkingDir: root,
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    // tfjs-core's modules for the tests and for the kernels alike
    mainFields: ["module", "main"],
    // it declares itself free of side effects, yet its test files are nothing else
    ignoreAnnotations: true,
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    plugins: [constructBase],
  });
  return outfile;
}
