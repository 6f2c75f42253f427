import { describe, expect, it } from 'vitest';
import { invitationLink, readGuest } from '../../src/guests/invitation';
import { Zone } from '../../src/history/zone';

const zone = new Zone('Asia/Kolkata');
const now = new Date('2026-11-21T08:00:00Z');
const draft = { premises: '0x1', name: ' Asha ', canSwitch: true, until: '' };

describe('readGuest', () => {
  it('asks for what the form says, until the end of the last day in the community’s zone', () => {
    expect(readGuest(draft, zone, now)).toEqual({
      guest: { premises: '0x1', name: 'Asha', canSwitch: true, until: null },
    });
    expect(readGuest({ ...draft, until: '2026-11-21' }, zone, now)).toMatchObject({
      guest: { until: '2026-11-21T18:30:00.000Z' },
    });
  });

  it('names what is wrong', () => {
    expect(readGuest({ ...draft, name: ' ', until: '2026-11-20' }, zone, now)).toEqual({
      faults: { name: true, until: true },
    });
    expect(readGuest({ ...draft, name: 'x'.repeat(61) }, zone, now)).toEqual({ faults: { name: true } });
    expect(readGuest({ ...draft, until: 'tomorrow' }, zone, now)).toEqual({ faults: { until: true } });
  });
});

describe('invitationLink', () => {
  it('keeps the code out of what is sent to a server', () => {
    const link = new URL(invitationLink('https://busbar.local', 'a b/c'));
    expect(link.pathname + link.search).toBe('/');
    expect(link.hash).toBe('#/session/invitation/a%20b%2Fc');
  });
});
