import { describe, expect, it } from 'vitest';
import { soughtIn } from '../../src/ledger/lookup';
import { layOut } from '../../src/ledger/treeLayout';

describe('soughtIn', () => {
  const hash = 'AB'.repeat(32);
  const address = 'cd'.repeat(20);

  it.each([
    ['12', { kind: 'block', number: '12' }],
    [' #1,234 ', { kind: 'block', number: '1234' }],
    [`0x${hash}`, { kind: 'hash', hash: `0x${hash.toLowerCase()}` }],
    [hash, { kind: 'hash', hash: `0x${hash.toLowerCase()}` }],
    [`0x${address}`, { kind: 'address', address: `0x${address}` }],
    ['House 1', { kind: 'nothing' }],
    ['', { kind: 'nothing' }],
    ['0x1234', { kind: 'nothing' }],
    ['9'.repeat(30), { kind: 'nothing' }],
  ])('reads %s', (text, sought) => {
    expect(soughtIn(text)).toEqual(sought);
  });
});

describe('layOut', () => {
  const level = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ hash: `0x${i}`, importMwh: String(i), exportMwh: '0' }));
  const tree = (leaves: number) => {
    const levels = [level(leaves)];
    while (levels[0]!.length > 1) levels.unshift(level(Math.ceil(levels[0]!.length / 2)));
    return levels;
  };

  it('puts every node over the middle of its two', () => {
    const { nodes, width, height, hidden } = layOut(tree(4));
    expect([width, height, hidden]).toEqual([4, 3, 0]);
    expect(nodes.map(({ x, y }) => [x, y])).toEqual([
      [1.5, 0],
      [0.5, 1],
      [2.5, 1],
      [0, 2],
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
    expect(nodes.map(({ parent }) => parent)).toEqual([null, 0, 0, 1, 1, 2, 2]);
  });

  it('takes a node without a sibling straight up', () => {
    const { nodes } = layOut(tree(5));
    const promoted = nodes.filter((node) => node.promoted);
    expect(promoted.map(({ level, index, x }) => [level, index, x])).toEqual([
      [2, 2, 4],
      [3, 4, 4],
    ]);
  });

  it('draws the top of a tree that is too wide', () => {
    const { nodes, hidden, width } = layOut(tree(1000), 32);
    expect(width).toBe(32);
    expect(hidden).toBe(5);
    expect(nodes).toHaveLength(63);
  });

  it('draws a single leaf, and nothing for an empty interval', () => {
    expect(layOut(tree(1)).nodes).toHaveLength(1);
    expect(layOut([]).nodes).toEqual([]);
  });
});
