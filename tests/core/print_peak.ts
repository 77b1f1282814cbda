/** Prints the peak memory of a process that does nothing else. */
import { peakMemory } from "../../lib/core/mod.ts";

console.log(peakMemory());
