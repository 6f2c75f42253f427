import { describe, expect, it } from 'vitest';
import type { Proposal } from '../../src/api/screens';
import { hasVoted, inOrder, stateOf } from '../../src/community/proposals';

const now = new Date('2026-11-21T08:00:00Z');
const proposal = (id: string, state: string, effective: string | null = null): Proposal => ({
  id,
  kind: 'Rule',
  rule: 'graceDays',
  value: '21',
  proposer: '0xAb',
  votes: ['0xAb'],
  needed: 2,
  opened: '2026-11-14T08:00:00Z',
  effective,
  state,
});

describe('Proposals', () => {
  it('can take effect from their instant on', () => {
    expect(stateOf(proposal('1', 'Open'), now)).toBe('open');
    expect(stateOf(proposal('1', 'Passed', '2026-11-21T08:00:01Z'), now)).toBe('passed');
    expect(stateOf(proposal('1', 'Passed', '2026-11-21T08:00:00Z'), now)).toBe('executable');
    expect(stateOf(proposal('1', 'Executed', '2026-11-20T08:00:00Z'), now)).toBe('executed');
    expect(stateOf(proposal('1', 'Void', '2026-11-20T08:00:00Z'), now)).toBe('void');
  });

  it('stand with the open ones first, newest first', () => {
    const all = [proposal('9', 'Open'), proposal('11', 'Executed'), proposal('10', 'Open'), proposal('2', 'Void')];
    expect(inOrder(all, now).map(({ id }) => id)).toEqual(['10', '9', '11', '2']);
  });

  it('know who voted, however the address is written', () => {
    expect(hasVoted(proposal('1', 'Open'), '0xaB')).toBe(true);
    expect(hasVoted(proposal('1', 'Open'), '0xcd')).toBe(false);
    expect(hasVoted(proposal('1', 'Open'), null)).toBe(false);
  });
});
