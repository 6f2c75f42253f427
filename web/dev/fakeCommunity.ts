import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { fromHex, keccak, toHex, uint, zeroHash, type Hex } from '../src/proof/bytes';
import type { Leaf, Proof, Sibling } from '../src/proof/document';
import { readingDigest } from '../src/proof/reading';
import { join, leafHash, type SumNode } from '../src/proof/tree';

/** A meter of the fake community, with its key. */
export interface FakeMeter {
  key: Uint8Array;
  meter: Hex;
  name: string;
  kind: 'premises' | 'transformer' | 'storage';
}

export const chainId = 31337n;
export const metersContract: Hex = '0x00000000000000000000000000000000000000b2';
export const anchorsContract: Hex = '0x00000000000000000000000000000000000000a1';
export const minutes = 15n;

export function fakeMeter(name: string, kind: FakeMeter['kind'] = 'premises'): FakeMeter {
  const key = keccak_256(new TextEncoder().encode(`fake ${name}`));
  const point = secp256k1.getPublicKey(key, false);
  return { key, meter: toHex(keccak_256(point.slice(1)).slice(12)), name, kind };
}

/** Registers at the end of the interval, and the energy within it; `estimated` leaves out the signed reading. */
export interface FakeEntry {
  meter: FakeMeter;
  import: bigint;
  export: bigint;
  intervalImport: bigint;
  intervalExport: bigint;
  estimated?: boolean;
}

/** Signs, hashes and proves one interval as the node does it; a proof for each entry, in the order given. */
export function fakeInterval(start: bigint, version: bigint, entries: FakeEntry[]): Proof[] {
  const parts = entries.map((entry) => partOf(start, entry));
  const leaves: SumNode[] = parts.map(({ leaf }) => ({
    hash: leafHash(leaf),
    import: leaf.intervalImport,
    export: leaf.intervalExport,
  }));
  const levels = [leaves];
  for (let level = leaves; level.length > 1;) {
    const above: SumNode[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i]!, level[i + 1]];
      above.push(right === undefined ? left : join(left, right));
    }
    levels.push((level = above));
  }
  const root = levels.at(-1)![0]!;
  const header = {
    microgrid: 1n,
    start,
    version,
    root: root.hash,
    count: BigInt(entries.length),
    importSum: root.import,
    exportSum: root.export,
    transformer: zeroHash,
  };
  return parts.map((part, index) => ({
    ...part,
    version,
    header,
    index: BigInt(index),
    siblings: path(levels, index),
  }));
}

function partOf(start: bigint, entry: FakeEntry): Omit<Proof, 'header' | 'index' | 'siblings'> {
  const leaf: Leaf = {
    meter: entry.meter.meter,
    import: entry.import,
    export: entry.export,
    bands: [entry.import, 0n, 0n, 0n],
    intervalImport: entry.intervalImport,
    intervalExport: entry.intervalExport,
    flags: entry.estimated ? 256n : 1n,
    readingDigest: zeroHash,
    salt: keccak(fromHex(entry.meter.meter), uint(start, 8)),
  };
  const proof = {
    chainId,
    anchors: anchorsContract,
    meters: metersContract,
    microgrid: 1n,
    start,
    minutes,
    version: 1n,
  };
  if (entry.estimated) return { ...proof, leaf, reading: null };
  const unsigned = {
    boot: 1n,
    sequence: start / (minutes * 60n),
    instant: start + minutes * 60n,
    firmware: keccak(new TextEncoder().encode('fake firmware')),
    flags: 1n,
    signature: '0x' as Hex,
  };
  leaf.readingDigest = readingDigest({ ...proof, leaf } as Proof, unsigned);
  return { ...proof, leaf, reading: { ...unsigned, signature: sign(leaf.readingDigest, entry.meter.key) } };
}

function sign(digest: Hex, key: Uint8Array): Hex {
  const recovered = secp256k1.sign(fromHex(digest), key, { prehash: false, format: 'recovered' });
  return toHex(Uint8Array.of(...recovered.slice(1), 27 + recovered[0]!));
}

function path(levels: SumNode[][], index: number): Sibling[] {
  const siblings: Sibling[] = [];
  let at = index;
  for (const level of levels.slice(0, -1)) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) siblings.push(sibling);
    at >>= 1;
  }
  return siblings;
}

/** The document as the node sends it: whole numbers of 64 bits as decimal strings, smaller ones as numbers. */
export function documentOf(proof: Proof): unknown {
  const small = ['microgrid', 'minutes', 'version', 'count', 'flags', 'boot', 'index'];
  const json = JSON.stringify({ format: 'busbar-proof-1', ...proof }, (key, value: unknown) =>
    typeof value !== 'bigint' ? value : small.includes(key) ? Number(value) : value.toString(),
  );
  return JSON.parse(json) as unknown;
}
