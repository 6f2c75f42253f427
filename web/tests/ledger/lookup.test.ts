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
  it('puts every node over the middle of its two', () => {
    const { nodes, width, height, hidden } = layOut(4, []);
    expect([width, height, hidden]).toEqual([4, 3, 0]);
    expect(nodes.map(({ x, level }) => [x, level])).toEqual([
      [1.5, 0],
      [0.5, 1],
      [2.5, 1],
      [0, 2],
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
    expect(nodes.map(({ parent }) => parent)).toEqual([null, 0, 0, 1, 1, 2, 2]);
    expect(nodes.map(({ leaves }) => leaves)).toEqual([4, 2, 2, 1, 1, 1, 1]);
  });

  it('takes a node without a sibling straight up', () => {
    const { nodes } = layOut(5, []);
    const promoted = nodes.filter((node) => node.promoted);
    expect(promoted.map(({ level, index, x, leaves }) => [level, index, x, leaves])).toEqual([
      [2, 2, 4, 1],
      [3, 4, 4, 1],
    ]);
  });

  it('shows the hashes that are told, and no others', () => {
    const told = [
      [{ leaves: 9, hash: '0xaa' }],
      [
        { leaves: 8, hash: '0xbb' },
        { leaves: 1, hash: null },
      ],
    ];
    const hashes = layOut(9, told).nodes.map(({ hash }) => hash);
    expect(hashes.slice(0, 4)).toEqual(['0xaa', '0xbb', null, null]);
    expect(hashes.filter((hash) => hash !== null)).toHaveLength(2);
  });

  it('draws the top of a tree that is too wide', () => {
    const { nodes, hidden, width } = layOut(1000, [], 32);
    expect(width).toBe(32);
    expect(hidden).toBe(5);
    expect(nodes).toHaveLength(63);
    expect(nodes.filter(({ level }) => level === 5).reduce((sum, { leaves }) => sum + leaves, 0)).toBe(1000);
  });

  it('draws a single leaf, and nothing for an empty interval', () => {
    expect(layOut(1, []).nodes).toHaveLength(1);
    expect(layOut(0, []).nodes).toEqual([]);
  });
});
