import { describe, expect, it } from 'vitest';
import { communityFaults, communityOf, intervalsFor, isRight, ownZone, zonesOf } from '../../src/setup/community';
import { tokensOf } from '../../src/setup/tokens';

const draft = {
  code: ' ABCD-1234 ',
  name: ' Neem Lane ',
  zone: 'Asia/Kolkata',
  intervalMinutes: 15,
  microgrids: ['North', 'South '],
};

describe('intervalsFor', () => {
  it('leaves out lengths that do not divide the zone’s offset', () => {
    expect(intervalsFor('Asia/Kolkata', 2026)).toEqual([1, 5, 15, 30]);
    expect(intervalsFor('Asia/Kathmandu', 2026)).toEqual([1, 5, 15]);
    expect(intervalsFor('Europe/Berlin', 2026)).toEqual([1, 5, 15, 30, 60]);
    expect(intervalsFor('UTC', 2026)).toEqual([1, 5, 15, 30, 60]);
    expect(intervalsFor('Australia/Lord_Howe', 2026)).toEqual([1, 5, 15, 30]);
  });
});

describe('A community', () => {
  it('is asked for with its microgrids numbered from 1', () => {
    expect(isRight(communityFaults(draft))).toBe(true);
    expect(communityOf(draft)).toEqual({
      code: 'ABCD-1234',
      name: 'Neem Lane',
      zone: 'Asia/Kolkata',
      intervalMinutes: 15,
      microgrids: [
        { id: 1, name: 'North' },
        { id: 2, name: 'South' },
      ],
    });
  });

  it('needs code, name, and microgrids with names of their own', () => {
    const faults = communityFaults({ ...draft, code: '', name: ' ', microgrids: ['North', '', 'north'] });
    expect(faults).toEqual({ code: true, name: true, microgrids: new Set([1, 2]) });
    expect(isRight(faults)).toBe(false);
  });

  it('offers the browser’s own zone first and calls zones as people do now', () => {
    const zones = zonesOf();
    expect(zones[0]).toBe(ownZone());
    expect(zones).toContain('UTC');
    expect(zones).toContain('Asia/Kolkata');
    expect(zones).not.toContain('Asia/Calcutta');
    expect(new Set(zones).size).toBe(zones.length);
  });
});

describe('tokensOf', () => {
  const meters = Array.from({ length: 20 }, (_, i) => `m${i}`);

  it('asks for each, a few at a time', async () => {
    let running = 0;
    let most = 0;
    const told: number[] = [];
    const tokens = await tokensOf(
      meters,
      async (meter) => {
        most = Math.max(most, ++running);
        await Promise.resolve();
        running--;
        return `t-${meter}`;
      },
      new AbortController().signal,
      (done) => told.push(done),
    );
    expect(tokens.size).toBe(20);
    expect(tokens.get('m19')).toBe('t-m19');
    expect(most).toBeLessThanOrEqual(6);
    expect(told.at(-1)).toBe(20);
  });

  it('ends with the first failure, or when it is given up', async () => {
    let asked = 0;
    const failing = tokensOf(
      meters,
      (meter) => (asked++, meter === 'm3' ? Promise.reject(new Error('no')) : Promise.resolve('t')),
      new AbortController().signal,
      () => undefined,
    );
    await expect(failing).rejects.toThrow('no');
    expect(asked).toBeLessThan(20);
    const given = new AbortController();
    given.abort();
    await expect(
      tokensOf(
        meters,
        () => Promise.resolve('t'),
        given.signal,
        () => undefined,
      ),
    ).rejects.toThrow();
  });
});
