import { fromHex, keccak, uint, type Hex } from './bytes';
import type { Leaf, Sibling } from './document';

/** A node of the Merkle-sum tree: its hash and everything under it, in milliwatt hours. */
export interface SumNode {
  hash: Hex;
  import: bigint;
  export: bigint;
}

export type Climb = { kind: 'root'; root: SumNode } | { kind: 'shape' } | { kind: 'overflow' };

const leafTag = Uint8Array.of(0);
const nodeTag = Uint8Array.of(1);
const longest = (1n << 64n) - 1n;

/** keccak of the 151 bytes of a leaf. */
export function leafHash(leaf: Leaf): Hex {
  return keccak(
    leafTag,
    fromHex(leaf.meter),
    uint(leaf.import, 8),
    uint(leaf.export, 8),
    ...leaf.bands.map((band) => uint(band, 8)),
    uint(leaf.intervalImport, 8),
    uint(leaf.intervalExport, 8),
    uint(leaf.flags, 2),
    fromHex(leaf.readingDigest),
    fromHex(leaf.salt),
  );
}

export function join(left: SumNode, right: SumNode): SumNode {
  const half = (node: SumNode) => [fromHex(node.hash), uint(node.import, 8), uint(node.export, 8)];
  return {
    hash: keccak(nodeTag, ...half(left), ...half(right)),
    import: left.import + right.import,
    export: left.export + right.export,
  };
}

/**
 * Climbs from leaf number `index` of `count` to the root. The number of leaves fixes the shape: a node without a
 * sibling rises unchanged, so a path with one sibling too many or too few is none.
 */
export function climb(leaf: Leaf, index: bigint, count: bigint, siblings: Sibling[]): Climb {
  if (index >= count) return { kind: 'shape' };
  let at: SumNode = { hash: leafHash(leaf), import: leaf.intervalImport, export: leaf.intervalExport };
  let used = 0;
  for (let place = index, width = count; width > 1n; place >>= 1n, width = (width + 1n) >> 1n) {
    if ((place ^ 1n) >= width) continue;
    const sibling = siblings[used++];
    if (sibling === undefined) return { kind: 'shape' };
    at = (place & 1n) === 0n ? join(at, sibling) : join(sibling, at);
    if (at.import > longest || at.export > longest) return { kind: 'overflow' };
  }
  return used === siblings.length ? { kind: 'root', root: at } : { kind: 'shape' };
}
