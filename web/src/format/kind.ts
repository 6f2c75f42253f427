/** A meter's kind in the reader's words; the node writes kinds small, the contracts with a capital. */
export function kindName(kind: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).find(([name]) => name.toLowerCase() === kind.toLowerCase())?.[1] ?? kind;
}
