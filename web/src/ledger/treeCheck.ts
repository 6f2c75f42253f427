import type { AnchorTree, TreeNode } from '../api/screens';
import type { Hex } from '../proof/bytes';
import { join, type SumNode } from '../proof/tree';

/** The levels of a tree from the root down, however the node sent them. */
export function levelsOf({ levels }: Pick<AnchorTree, 'levels'>): TreeNode[][] {
  return (levels[0]?.length ?? 0) > 1 ? levels.toReversed() : levels;
}

/**
 * Computes every node again from the two below it. Gives the place of the first one that is not what its children make
 * of it, or null when all are.
 */
export function wrongNode(levels: readonly (readonly TreeNode[])[]): { level: number; index: number } | null {
  for (let level = levels.length - 2; level >= 0; level--) {
    const below = levels[level + 1]!;
    for (const [index, node] of levels[level]!.entries()) {
      const [left, right] = [below[index * 2], below[index * 2 + 1]];
      if (left === undefined || !isNodeOf(node, left, right)) return { level, index };
    }
    if (levels[level]!.length !== Math.ceil(below.length / 2)) return { level, index: levels[level]!.length };
  }
  return null;
}

function isNodeOf(node: TreeNode, left: TreeNode, right: TreeNode | undefined): boolean {
  const said = sumNode(node);
  let made: SumNode;
  try {
    made = right === undefined ? sumNode(left) : join(sumNode(left), sumNode(right));
  } catch {
    return false;
  }
  return made.hash === said.hash && made.import === said.import && made.export === said.export;
}

function sumNode(node: TreeNode): SumNode {
  return {
    hash: node.hash.toLowerCase() as Hex,
    import: BigInt(node.importMwh),
    export: BigInt(node.exportMwh),
  };
}
