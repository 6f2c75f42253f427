import { keccak_256 } from '@noble/hashes/sha3.js';
import { signHash } from '../keys/account';
import { concat, fromHex, toHex, uint, type Hex } from '../proof/bytes';

/** A transaction of EIP-1559. */
export interface Transaction {
  chainId: bigint;
  nonce: bigint;
  maxPriorityFeePerGas: bigint;
  maxFeePerGas: bigint;
  gas: bigint;
  to: Hex;
  value: bigint;
  data: Hex;
}

type Item = Uint8Array | readonly Item[];

/** Signs with a local key; the bytes that `eth_sendRawTransaction` takes. */
export function signTransaction(transaction: Transaction, key: Uint8Array): Hex {
  const fields = fieldsOf(transaction);
  const { r, s, parity } = signHash(keccak_256(envelope(fields)), key);
  return toHex(envelope([...fields, number(BigInt(parity)), number(r), number(s)]));
}

function fieldsOf(of: Transaction): Item[] {
  return [
    number(of.chainId),
    number(of.nonce),
    number(of.maxPriorityFeePerGas),
    number(of.maxFeePerGas),
    number(of.gas),
    fromHex(of.to),
    number(of.value),
    fromHex(of.data),
    [],
  ];
}

function envelope(fields: readonly Item[]): Uint8Array {
  return concat(Uint8Array.of(2), rlp(fields));
}

/** Recursive length prefix (Ethereum yellow paper, appendix B). */
export function rlp(item: Item): Uint8Array {
  if (item instanceof Uint8Array) {
    return item.length === 1 && item[0]! < 0x80 ? item : concat(prefix(0x80, item.length), item);
  }
  const body = concat(...item.map(rlp));
  return concat(prefix(0xc0, body.length), body);
}

function prefix(base: number, length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(base + length);
  const bytes = number(BigInt(length));
  return concat(Uint8Array.of(base + 55 + bytes.length), bytes);
}

/** Without leading zeros; zero is nothing. */
function number(value: bigint): Uint8Array {
  return uint(value, value === 0n ? 0 : Math.ceil(value.toString(16).length / 2));
}
