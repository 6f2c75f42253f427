import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, fromHex, keccak, toHex, uint, type Hex } from './bytes';
import type { Proof, SignedPart } from './document';

const readingPurpose = new TextEncoder().encode('Busbar Reading v1');

/** The first 32 bytes of every signed reading: keccak(abi.encode(keccak(purpose), chain id, Meters contract)). */
export function readingDomain(chainId: bigint, meters: Hex): Hex {
  return keccak(keccak_256(readingPurpose), uint(chainId, 32), new Uint8Array(12), fromHex(meters));
}

/** The fingerprint that the meter signed: keccak of the 154 bytes of a reading, whose registers stand in the leaf. */
export function readingDigest(proof: Proof, reading: SignedPart): Hex {
  const { leaf } = proof;
  return keccak(
    fromHex(readingDomain(proof.chainId, proof.meters)),
    fromHex(leaf.meter),
    uint(reading.boot, 4),
    uint(reading.sequence, 8),
    uint(reading.instant, 8),
    uint(leaf.import, 8),
    uint(leaf.export, 8),
    ...leaf.bands.map((band) => uint(band, 8)),
    fromHex(reading.firmware),
    uint(reading.flags, 2),
  );
}

/**
 * The address whose key signed a digest. Null for what Ethereum would refuse too: v other than 27 or 28, high s,
 * r or s out of range, a point that does not exist.
 */
export function recoverSigner(digest: Hex, signature: Hex): Hex | null {
  const bytes = fromHex(signature);
  const v = bytes[64];
  if (bytes.length !== 65 || (v !== 27 && v !== 28)) return null;
  try {
    const recovered = new secp256k1.Signature(toNumber(bytes.slice(0, 32)), toNumber(bytes.slice(32, 64)), v - 27);
    if (recovered.hasHighS()) return null;
    const point = recovered.recoverPublicKey(fromHex(digest)).toBytes(false);
    return toHex(keccak_256(point.slice(1)).slice(12));
  } catch {
    return null;
  }
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(toHex(concat(bytes)));
}
