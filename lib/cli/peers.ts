/** `deno task peers:setup`: installs what the comparisons with PyTorch need; nothing the second time. */
import { runCommand } from "./command.ts";
import { helpText, type Option, readOptions } from "./options.ts";
import { installPeers } from "./peers/install.ts";

const options: Record<string, Option> = {
  help: { type: "boolean", help: "print this" },
};
const about =
  "Installs PyTorch, SciPy and OpenCV from tests/peers/requirements.txt into the folder .peers, for `deno task bench` and the\n" +
  "tests that compare with it. Does nothing where it is installed. pip's own settings apply.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task peers:setup", about, options));
  console.log(`Peers: ${await installPeers({ signal, onProgress: console.log })}`);
});
