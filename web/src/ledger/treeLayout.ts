import type { TreeNode } from '../api/screens';

export interface PlacedNode {
  /** From the root, which is 0. */
  level: number;
  index: number;
  /** Over how many meters it is. */
  leaves: number;
  /** Null where it is not told. */
  hash: string | null;
  /** In units of one node's width. */
  x: number;
  /** The node above, as its number among the drawing's nodes; null for the root. */
  parent: number | null;
  /** Taken up unchanged because it has no sibling: the node above is the same one. */
  promoted: boolean;
}

export interface TreeDrawing {
  nodes: PlacedNode[];
  width: number;
  height: number;
  /** Levels that are not drawn because they are wider than what can be read. */
  hidden: number;
}

/** Nodes that a level may have to be drawn. */
export const widest = 32;

/**
 * Where the nodes of a Merkle-sum tree stand, root at the top. Its shape follows from the number of leaves alone, since a
 * node without a sibling at the end of a level is taken up unchanged; `told` are the levels of which hashes are known.
 */
export function layOut(count: number, told: readonly (readonly TreeNode[])[], most = widest): TreeDrawing {
  const sizes = sizesOf(count);
  const drawn = sizes.filter((size, level) => level === 0 || size <= most);
  const places = drawn.map((size) => Array.from({ length: size }, (_, i) => i));
  for (let level = drawn.length - 2; level >= 0; level--) {
    const below = places[level + 1]!;
    places[level] = places[level]!.map((_, i) => (below[i * 2]! + (below[i * 2 + 1] ?? below[i * 2]!)) / 2);
  }
  const nodes: PlacedNode[] = [];
  const firsts: number[] = [];
  for (const [level, size] of drawn.entries()) {
    firsts.push(nodes.length);
    const span = 2 ** (sizes.length - 1 - level);
    for (let index = 0; index < size; index++) {
      nodes.push({
        level,
        index,
        leaves: Math.min(span, count - index * span),
        hash: told[level]?.[index]?.hash ?? null,
        x: places[level]![index]!,
        parent: level === 0 ? null : firsts[level - 1]! + (index >> 1),
        promoted: level > 0 && index === size - 1 && index % 2 === 0,
      });
    }
  }
  return { nodes, width: drawn.at(-1) ?? 0, height: drawn.length, hidden: sizes.length - drawn.length };
}

/** How many nodes each level has, from the root down. */
function sizesOf(count: number): number[] {
  const sizes: number[] = [];
  for (let size = count; size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) sizes.unshift(size);
  return sizes;
}
