import { keccak_256 } from '@noble/hashes/sha3.js';

export type Hex = `0x${string}`;

/** Lower-case hexadecimal with 0x in front. */
export function toHex(bytes: Uint8Array): Hex {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return `0x${text}`;
}

/** The bytes of well-formed hexadecimal text; anything else throws a RangeError. */
export function fromHex(text: string): Uint8Array {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(text)) throw new RangeError('not hexadecimal');
  const bytes = new Uint8Array((text.length - 2) / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 + i * 2, 4 + i * 2), 16);
  return bytes;
}

/** An unsigned number as big-endian bytes of a fixed length; what does not fit throws a RangeError. */
export function uint(value: bigint, length: number): Uint8Array {
  if (value < 0n || value >> BigInt(length * 8) !== 0n) throw new RangeError(`does not fit ${length * 8} bits`);
  const bytes = new Uint8Array(length);
  for (let i = length - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function keccak(...parts: Uint8Array[]): Hex {
  return toHex(keccak_256(concat(...parts)));
}

export const zeroHash: Hex = `0x${'0'.repeat(64)}`;
