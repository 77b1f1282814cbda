import { assertEquals, assertThrows } from "@std/assert";
import { csvText, DataError, parseCsv } from "asasr/core/mod.ts";

Deno.test("parseCsv() reads what csvText() writes", () => {
  const rows = [["a", "b,c", 'say "no"'], ["", "1", "two\r\nlines"], ["x", "", ""]];
  assertEquals(csvText([["a", 1]]), "a,1\r\n");
  assertEquals(parseCsv(csvText(rows), "t"), rows);
  assertEquals(parseCsv("\ufeffa,b\n\n1,2", "t"), [["a", "b"], ["1", "2"]]);
  assertEquals(parseCsv("a,b\r\n1,", "t"), [["a", "b"], ["1", ""]]);
  assertEquals(parseCsv("", "t"), []);
});

Deno.test("parseCsv() refuses broken quotes and rows of another length", () => {
  assertThrows(
    () => parseCsv('a,"b\nc', "t.csv"),
    DataError,
    'Cannot read t.csv as a quoted field must end and stand alone: current value is "b',
  );
  assertThrows(() => parseCsv('a,"b"c', "t.csv"), DataError, "stand alone");
  assertThrows(() => parseCsv("a,b\n1,2,3", "t.csv"), DataError, "must have 2 fields: row 2 has 3");
});
