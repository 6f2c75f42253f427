import { describe, expect, it } from 'vitest';
import type { TreeNode } from '../../src/api/screens';
import { levelsOf, wrongNode } from '../../src/ledger/treeCheck';
import { shownValue } from '../../src/ledger/values';
import { keccak, uint, type Hex } from '../../src/proof/bytes';
import { join } from '../../src/proof/tree';

const value = (hint: string, text: string, more = {}) => ({ name: 'x', type: 't', text, hint, ...more });
const shown = (hint: string, text: string, more = {}) => shownValue(value(hint, text, more), 'yes', 'no');

describe('shownValue', () => {
  it.each([
    ['MilliwattHours', '1500000', '1.5 kWh'],
    ['BasisPoints', '250', '2.5 %'],
    ['Seconds', '900', '900 s'],
    ['Milliwatts', '10000000', '10000 W'],
    ['Flag', 'true', 'yes'],
    ['Flag', 'false', 'no'],
    ['Name', 'graceDays', 'graceDays'],
    ['SomethingNew', '7', '7'],
  ])('says %s %s in its unit', (hint, text, said) => {
    expect(shown(hint, text)).toMatchObject({ as: 'text', text: said });
  });

  it('says a choice by its word, and links addresses and hashes', () => {
    expect(shown('Choice', '3', { label: 'Prosumer' })).toMatchObject({ text: 'Prosumer' });
    expect(shown('Address', '0x12', { label: 'Meters' })).toEqual({ as: 'address', address: '0x12', label: 'Meters' });
    expect(shown('Hash', '0xab')).toEqual({ as: 'hash', hash: '0xab' });
    expect(shown('Bytes', `0x${'ab'.repeat(65)}`)).toMatchObject({ as: 'hash' });
    expect(shown('Bytes', '0xab')).toMatchObject({ as: 'text', mono: true });
  });

  it('reads instants, of which 0 is none', () => {
    expect(shown('Instant', '1700000000')).toEqual({ as: 'instant', at: new Date(1_700_000_000_000) });
    expect(shown('Instant', '0')).toMatchObject({ as: 'text', text: '0' });
  });

  it('keeps what a list holds and how much of it is left out', () => {
    const members = [value('Number', '1')];
    expect(shown('List', '', { members, omitted: 9 })).toEqual({ as: 'group', members, omitted: 9 });
  });
});

describe('wrongNode', () => {
  const leaf = (i: number): TreeNode => ({
    hash: keccak(uint(BigInt(i), 4)),
    importMwh: String(i * 1000),
    exportMwh: String(i),
  });
  const above = (level: TreeNode[]): TreeNode[] => {
    const next: TreeNode[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i]!, level[i + 1]].map((node) =>
        node === undefined
          ? undefined
          : { hash: node.hash as Hex, import: BigInt(node.importMwh), export: BigInt(node.exportMwh) },
      );
      const made = right === undefined ? left! : join(left!, right);
      next.push({ hash: made.hash, importMwh: String(made.import), exportMwh: String(made.export) });
    }
    return next;
  };
  const tree = (count: number) => {
    const levels = [Array.from({ length: count }, (_, i) => leaf(i + 1))];
    while (levels[0]!.length > 1) levels.unshift(above(levels[0]!));
    return levels;
  };

  it('finds nothing wrong in a true tree of any width', () => {
    for (const count of [1, 2, 3, 5, 8, 13]) expect(wrongNode(tree(count))).toBeNull();
  });

  it('finds the node whose sum or hash is not that of its children', () => {
    const sum = tree(5);
    sum[1]![0] = { ...sum[1]![0]!, importMwh: '1' };
    expect(wrongNode(sum)).toEqual({ level: 1, index: 0 });
    const lone = tree(5);
    lone[2]![2] = { ...lone[2]![2]!, exportMwh: '99' };
    expect(wrongNode(lone)).toEqual({ level: 2, index: 2 });
    const hash = tree(3);
    hash[0]![0] = { ...hash[0]![0]!, hash: `0x${'0'.repeat(64)}` };
    expect(wrongNode(hash)).toEqual({ level: 0, index: 0 });
  });

  it('finds a level that is too short', () => {
    const short = tree(5);
    short[2]!.pop();
    expect(wrongNode(short)).not.toBeNull();
  });

  it('turns a tree that came from the leaves up', () => {
    expect(levelsOf({ levels: tree(5).toReversed() })).toEqual(tree(5));
    expect(levelsOf({ levels: tree(1) })).toEqual(tree(1));
  });
});
