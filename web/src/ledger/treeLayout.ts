import type { TreeNode } from '../api/screens';

export interface PlacedNode {
  node: TreeNode;
  /** From the root, which is 0. */
  level: number;
  index: number;
  /** In units of one node's width. */
  x: number;
  y: number;
  /** Place of the node above, as index into the drawing's nodes; null for the root. */
  parent: number | null;
  /** Taken up unchanged because it has no sibling: the node below it is the same one. */
  promoted: boolean;
}

export interface TreeDrawing {
  nodes: PlacedNode[];
  width: number;
  height: number;
  /** Levels that are not drawn because they are wider than what can be read. */
  hidden: number;
}

/** Nodes a level may have to be drawn. */
export const widest = 32;

/**
 * Where the nodes of a Merkle-sum tree stand, root at the top. `levels` runs from the root down; a node without a sibling
 * at the end of a level is taken up unchanged, so the shape follows from the number of leaves.
 */
export function layOut(levels: readonly (readonly TreeNode[])[], most = widest): TreeDrawing {
  const firstTooWide = levels.findIndex((level) => level.length > most);
  const drawn = firstTooWide < 0 ? levels : levels.slice(0, Math.max(1, firstTooWide));
  const lowest = drawn.at(-1) ?? [];
  const places = drawn.map((level) => level.map(() => 0));
  places[drawn.length - 1] = lowest.map((_, i) => i);
  for (let level = drawn.length - 2; level >= 0; level--) {
    const below = places[level + 1]!;
    places[level] = drawn[level]!.map((_, i) => (below[i * 2]! + (below[i * 2 + 1] ?? below[i * 2]!)) / 2);
  }
  const nodes: PlacedNode[] = [];
  const firstOf: number[] = [];
  for (const [level, all] of drawn.entries()) {
    firstOf.push(nodes.length);
    for (const [index, node] of all.entries()) {
      const parent = level === 0 ? null : firstOf[level - 1]! + (index >> 1);
      const promoted = level > 0 && index === all.length - 1 && index % 2 === 0;
      nodes.push({ node, level, index, x: places[level]![index]!, y: level, parent, promoted });
    }
  }
  return {
    nodes,
    width: lowest.length,
    height: drawn.length,
    hidden: levels.length - drawn.length,
  };
}
