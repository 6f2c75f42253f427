import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, fromHex, toHex, type Hex } from '../proof/bytes';

/** The address of a private key. */
export function addressOf(key: Uint8Array): Hex {
  const point = secp256k1.getPublicKey(key, false);
  return checksummed(toHex(keccak_256(point.slice(1)).slice(12)));
}

/** An address with the capitals that guard it against misreading (EIP-55). */
export function checksummed(address: string): Hex {
  const digits = address.slice(2).toLowerCase();
  const hash = toHex(keccak_256(new TextEncoder().encode(digits))).slice(2);
  return `0x${[...digits].map((digit, i) => (Number.parseInt(hash[i]!, 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`;
}

/** Signs a hash: r, s and the recovery bit. Deterministic (RFC 6979), low s. */
export function signHash(hash: Uint8Array, key: Uint8Array): { r: bigint; s: bigint; parity: 0 | 1 } {
  const bytes = secp256k1.sign(hash, key, { prehash: false, format: 'recovered' });
  const { r, s, recovery } = secp256k1.Signature.fromBytes(bytes, 'recovered');
  return { r, s, parity: recovery === 1 ? 1 : 0 };
}

/** `personal_sign` (EIP-191, version 0x45) with a local key: r, s and v in 65 bytes. */
export function signMessage(text: string, key: Uint8Array): Hex {
  const message = new TextEncoder().encode(text);
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${message.length}`);
  const { r, s, parity } = signHash(keccak_256(concat(prefix, message)), key);
  const hex = (value: bigint) => value.toString(16).padStart(64, '0');
  return `0x${hex(r)}${hex(s)}${(27 + parity).toString(16)}`;
}

/** The bytes of a key written as hexadecimal; null when it is none. */
export function keyFromHex(text: string): Uint8Array | null {
  const hex = text.trim().replace(/^(0x)?/i, '0x');
  if (!/^0x[0-9a-f]{64}$/i.test(hex)) return null;
  const key = fromHex(hex);
  return secp256k1.utils.isValidSecretKey(key) ? key : null;
}
