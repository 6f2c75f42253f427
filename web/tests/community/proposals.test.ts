import { describe, expect, it } from 'vitest';
import type { Proposal } from '../../src/api/screens';
import { hasVoted, inOrder, stateOf } from '../../src/community/proposals';

const now = new Date('2026-11-21T08:00:00Z');
const proposal = (id: string, state: Proposal['state'], effective: string | null = null): Proposal => ({
  id,
  kind: 'rule',
  rule: 'graceDays',
  value: '21',
  microgrid: null,
  proposer: '0xAb',
  votes: ['0xAb'],
  needed: 2,
  opened: '2026-11-14T08:00:00Z',
  expires: '2026-12-14T08:00:00Z',
  effective,
  state,
});

describe('Proposals', () => {
  it('can take effect from their instant on', () => {
    expect(stateOf(proposal('1', 'open'), now)).toBe('open');
    expect(stateOf(proposal('1', 'passed', '2026-11-21T08:00:01Z'), now)).toBe('passed');
    expect(stateOf(proposal('1', 'passed', '2026-11-21T08:00:00Z'), now)).toBe('executable');
    expect(stateOf(proposal('1', 'executed', '2026-11-20T08:00:00Z'), now)).toBe('executed');
    expect(stateOf(proposal('1', 'void', '2026-11-20T08:00:00Z'), now)).toBe('void');
  });

  it('stand with the open ones first, newest first', () => {
    const all = [proposal('9', 'open'), proposal('11', 'executed'), proposal('10', 'open'), proposal('2', 'void')];
    expect(inOrder(all, now).map(({ id }) => id)).toEqual(['10', '9', '11', '2']);
  });

  it('know who voted, however the address is written', () => {
    expect(hasVoted(proposal('1', 'open'), '0xaB')).toBe(true);
    expect(hasVoted(proposal('1', 'open'), '0xcd')).toBe(false);
    expect(hasVoted(proposal('1', 'open'), null)).toBe(false);
  });
});
