import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Hex } from '../../src/proof/bytes';
import type { Leaf, Proof, Sibling } from '../../src/proof/document';
import { readingDigest } from '../../src/proof/reading';
import { climb, leafHash } from '../../src/proof/tree';

// The vectors that contract and node are held to as well.
const folder = new URL('../../../contracts/test/vectors/', import.meta.url);

interface LeafVector {
  meter: Hex;
  importRegister: string;
  exportRegister: string;
  bands: string[];
  intervalImport: string;
  intervalExport: string;
  flags: number;
  digest: Hex;
  salt: Hex;
  hash: Hex;
}

interface PathVector {
  index: number;
  siblings: { hash: Hex; importSum: string; exportSum: string }[];
}

interface TreeVector {
  name: string;
  count: number;
  root: Hex;
  importSum: string;
  exportSum: string;
}

interface TreeVectors {
  trees: (TreeVector & { leaves: LeafVector[]; proofs: PathVector[] })[];
  claims: (TreeVector & PathVector & { leaf: Omit<LeafVector, 'hash'>; valid: boolean })[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const vectors = read('merkle-sum.json') as TreeVectors;

function leafOf(vector: Omit<LeafVector, 'hash'>): Leaf {
  return {
    meter: vector.meter,
    import: BigInt(vector.importRegister),
    export: BigInt(vector.exportRegister),
    bands: vector.bands.map(BigInt),
    intervalImport: BigInt(vector.intervalImport),
    intervalExport: BigInt(vector.intervalExport),
    flags: BigInt(vector.flags),
    readingDigest: vector.digest,
    salt: vector.salt,
  };
}

const siblingsOf = (path: PathVector): Sibling[] =>
  path.siblings.map(({ hash, importSum, exportSum }) => ({
    hash,
    import: BigInt(importSum),
    export: BigInt(exportSum),
  }));

/** Whether a path leads to the root of a tree, with its sums. */
function leads(tree: TreeVector, leaf: Omit<LeafVector, 'hash'>, path: PathVector): boolean {
  const climbed = climb(leafOf(leaf), BigInt(path.index), BigInt(tree.count), siblingsOf(path));
  return (
    climbed.kind === 'root' &&
    climbed.root.hash === tree.root &&
    climbed.root.import === BigInt(tree.importSum) &&
    climbed.root.export === BigInt(tree.exportSum)
  );
}

describe('shared vectors', () => {
  it.each(vectors.trees.map((tree) => [tree.name, tree] as const))('proves every leaf: %s', (_, tree) => {
    expect(tree.proofs).not.toHaveLength(0);
    for (const path of tree.proofs) {
      const leaf = tree.leaves[path.index]!;
      expect(leafHash(leafOf(leaf))).toBe(leaf.hash);
      expect(leads(tree, leaf, path)).toBe(true);
    }
  });

  it.each(vectors.claims.map((claim) => [claim.name, claim] as const))('judges a claim: %s', (_, claim) => {
    expect(leads(claim, claim.leaf, claim)).toBe(claim.valid);
  });

  const { readings } = read('readings.json') as { readings: (Record<string, string> & { bands: string[] })[] };
  it.each(readings.map((reading) => [reading['name'], reading] as const))('computes the digest: %s', (_, reading) => {
    const number = (name: string) => BigInt(reading[name]!);
    const leaf = {
      meter: reading['meter'],
      import: number('importRegister'),
      export: number('exportRegister'),
      bands: reading.bands.map(BigInt),
    };
    const proof = { chainId: number('chainId'), meters: reading['deployment'], leaf } as unknown as Proof;
    const digest = readingDigest(proof, {
      boot: number('boot'),
      sequence: number('sequence'),
      instant: number('instant'),
      firmware: reading['firmware'] as Hex,
      flags: number('flags'),
      signature: '0x',
    });
    expect(digest).toBe(reading['digest']);
  });
});
