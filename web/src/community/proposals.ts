import type { Proposal } from '../api/screens';

export type ProposalState = 'open' | 'passed' | 'executable' | 'executed' | 'void' | 'expired';

const closed = new Set(['executed', 'void', 'expired']);

/** Where a proposal stands: one that has passed can take effect from its instant on, whoever looks. */
export function stateOf(proposal: Pick<Proposal, 'state' | 'effective'>, now: Date): ProposalState {
  const state = proposal.state.toLowerCase();
  if (closed.has(state)) return state as ProposalState;
  if (proposal.effective === null) return 'open';
  return new Date(proposal.effective) <= now ? 'executable' : 'passed';
}

export function isOver(state: ProposalState): boolean {
  return closed.has(state);
}

/** Open ones first, newest first; then those that are over. */
export function inOrder(proposals: readonly Proposal[], now: Date): Proposal[] {
  const rank = (proposal: Proposal) => Number(isOver(stateOf(proposal, now)));
  return proposals.toSorted((a, b) => rank(a) - rank(b) || Number(BigInt(b.id) - BigInt(a.id)));
}

export function hasVoted(proposal: Pick<Proposal, 'votes'>, account: string | null | undefined): boolean {
  return account != null && proposal.votes.some((vote) => vote.toLowerCase() === account.toLowerCase());
}
