/** `0x12ab…89ef`: the first and last four bytes' worth of a long hexadecimal text; a short text as it is. */
export function shortHex(text: string, digits = 4): string {
  return text.length <= 2 * digits + 5 ? text : `${text.slice(0, 2 + digits)}…${text.slice(-digits)}`;
}

/** Whether two addresses or hashes are the same, however they are capitalised. */
export function sameHex(one: string | null | undefined, other: string | null | undefined): boolean {
  return one != null && other != null && one.toLowerCase() === other.toLowerCase();
}
