const TOKEN = /"([^"\\]*(?:\\.[^"\\]*)*)"\s*(:)?|[{}[\]]/g;

/**
 * Find a key that occurs twice in one object of a JSON text, which `JSON.parse` would silently overwrite.
 *
 * @param text Valid JSON.
 * @returns The first such key, or null.
 */
export function duplicateKey(text: string): string | null {
  const open: (Set<string> | null)[] = []; // the keys of each open object; null for an array
  for (const [token, string, colon] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (string === undefined) open.pop();
    else if (colon !== undefined) {
      const key: string = JSON.parse(`"${string}"`);
      const keys = open.at(-1)!;
      if (keys!.has(key)) return key;
      keys!.add(key);
    }
  }
  return null;
}
