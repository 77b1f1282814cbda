import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { crc32c, maskedCrc32c } from "../../lib/experiment/tensorboard/crc32c.ts";
import { encodeFileVersion, encodeScalars, stepOf } from "../../lib/experiment/tensorboard/event.ts";
import { openEvents, record, splitRecords } from "../../lib/experiment/tensorboard/events_file.ts";
import { inFolder } from "../core/folder.ts";

const start = 1700000000.25;
const event = { step: 300, wallTime: 1700000001.5, scalars: { loss: 0.693147, gradientNorm: 2.5 } };
// Records of the package tensorboard 2.21.0 (RecordWriter, event_pb2)
const versionRecord = "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9";
const eventRecord =
  "300000000000000095f5d05f0900006040fc54d94110ac022a220a0b0a046c6f7373151572313f0a130a0c6772616469656e74" +
  "4e6f726d1500002040e956acf4";

const hex = (bytes: Uint8Array) => bytes.toHex();

async function eventsIn(folder: string): Promise<Uint8Array> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  assertEquals(names.length, 1);
  return await Deno.readFile(join(folder, names[0]));
}

Deno.test("crc32c() is the check value of the Castagnoli polynomial (RFC 3720)", () => {
  const digits = new TextEncoder().encode("123456789");
  assertEquals([crc32c(digits), maskedCrc32c(digits)], [0xE3069283, 3347755237]);
});

Deno.test("records of events are those of TensorBoard", () => {
  assertEquals(hex(record(encodeFileVersion(start))), versionRecord);
  assertEquals(hex(record(encodeScalars(event))), eventRecord);
});

Deno.test("stepOf() reads steps of every length back", () => {
  for (const step of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 40]) {
    assertEquals(stepOf(encodeScalars({ ...event, step })), step);
  }
  assertEquals(stepOf(encodeFileVersion(start)), 0);
});

Deno.test("openEvents() goes on from the step of the training and cuts off what was written after it", () =>
  inFolder(async (folder) => {
    const write = async (from: number, steps: readonly number[]) => {
      using file = await openEvents(folder, { from, now: start });
      for (const step of steps) await file.add({ ...event, step });
    };
    await write(0, [1, 2, 3, 4]);
    const path = join(folder, "events.out.tfevents.1700000000.asasr");
    const torn = (await Deno.readFile(path)).slice(0, -5); // as a killed process leaves it
    await Deno.writeFile(path, torn);
    assertEquals(splitRecords(torn).map(({ data }) => stepOf(data)), [0, 1, 2, 3]);
    await write(2, [3, 4, 5]);
    assertEquals(splitRecords(await eventsIn(folder)).map(({ data }) => stepOf(data)), [0, 1, 2, 3, 4, 5]);
  }));

Deno.test("splitRecords() ends at a record whose bytes were changed", () => {
  const bytes = Uint8Array.fromHex(versionRecord + eventRecord + eventRecord);
  assertEquals(splitRecords(bytes).length, 3);
  bytes[60] ^= 1;
  assertEquals(splitRecords(bytes).length, 1);
});
