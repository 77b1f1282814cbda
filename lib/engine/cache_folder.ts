import { homedir } from "node:os";
import { join } from "node:path";

/** Returns the folder for what can be fetched again: `ASASR_CACHE`, or `asasr` in the platform's cache folder. */
export function cacheFolder(): string {
  const named = Deno.env.get("ASASR_CACHE");
  if (named) return named;
  const home = homedir();
  if (Deno.build.os === "windows") return join(Deno.env.get("LOCALAPPDATA") ?? join(home, "AppData", "Local"), "asasr");
  if (Deno.build.os === "darwin") return join(home, "Library", "Caches", "asasr");
  return join(Deno.env.get("XDG_CACHE_HOME") || join(home, ".cache"), "asasr");
}
