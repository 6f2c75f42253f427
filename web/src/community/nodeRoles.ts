import type { NodeAccount } from '../api/screens';

export type NodeRole = NodeAccount['roles'][number];

/** What the node itself can make of an account, in the order in which it is shown. */
export const nodeRoles = ['Operator', 'Auditor'] as const satisfies readonly NodeRole[];
