export type Sought =
  | { kind: 'block'; number: string }
  | { kind: 'hash'; hash: string }
  | { kind: 'address'; address: string }
  | { kind: 'nothing' };

/** What a reader's text may name: a block's number, the hash of a block or transaction, or an address. */
export function soughtIn(text: string): Sought {
  const trimmed = text.trim().replace(/^#/, '');
  const number = trimmed.replace(/[\s,._\u202f\u00a0]/g, '');
  if (/^\d{1,15}$/.test(number)) return { kind: 'block', number: BigInt(number).toString() };
  const hex = /^(?:0x)?([0-9a-f]+)$/i.exec(trimmed)?.[1];
  if (hex?.length === 64) return { kind: 'hash', hash: `0x${hex.toLowerCase()}` };
  if (hex?.length === 40) return { kind: 'address', address: `0x${hex}` };
  return { kind: 'nothing' };
}
