import { describe, expect, it, vi } from 'vitest';
import { factsOf } from '../../src/channels/act';
import { callOf, shortForm, type ChannelDeed } from '../../src/channels/deeds';
import { readEnd, readLock } from '../../src/channels/form';
import { costOf } from '../../src/channels/payer';
import { blockCome, energyFor, partOf, soFar, stageOf, stopOf, termsOf } from '../../src/channels/standing';
import { Trial } from '../../src/channels/trial.svelte';
import { keccak, type Hex } from '../../src/proof/bytes';
import { LedgerError } from '../../src/proof/rpc';
import { refusalOf } from '../../src/signing/revert';
import { texts } from '../../src/signing/text';
import { en } from '../../src/text/channels/en';
import { channel, payee, payer } from './made';

const selector = (signature: string) => keccak(new TextEncoder().encode(signature)).slice(0, 10);
const word = (value: bigint) => value.toString(16).padStart(64, '0');
const address = (of: Hex) => of.slice(2).toLowerCase().padStart(64, '0');
const terms = termsOf(channel());
const termWords = [
  address(payer),
  address(payee),
  address(terms.signer),
  word(100_000n),
  word(BigInt(Date.parse('2026-06-21T12:00:00Z') / 1000)),
].join('');
const tuple = '(address,address,address,uint128,uint40)';
const signature: Hex = `0x${'11'.repeat(32)}${'22'.repeat(32)}1c`;

describe('a deed', () => {
  const cases: [string, ChannelDeed, string][] = [
    [
      'open(address,address,uint128,uint40,uint128)',
      { does: 'open', payee, signer: payer, price: 5n, end: 9n, amount: 7n },
      address(payee) + address(payer) + word(5n) + word(9n) + word(7n),
    ],
    [`topUp(${tuple},uint128)`, { does: 'topUp', terms, amount: 3n }, termWords + word(3n)],
    [`extend(${tuple},uint40)`, { does: 'extend', terms, end: 4n }, termWords + word(4n)],
    [`reclaim(${tuple})`, { does: 'reclaim', terms }, termWords],
    [`forgo(${tuple})`, { does: 'forgo', terms }, termWords],
    [
      `close(${tuple},uint256,uint64,bytes32,bytes32)`,
      { does: 'close', terms, total: 6n, energy: 8n, signature },
      termWords + word(6n) + word(8n) + '11'.repeat(32) + 'a2' + '22'.repeat(31),
    ],
    ['nameCloser(address,bool)', { does: 'nameCloser', closer: payee, may: true }, address(payee) + word(1n)],
  ];

  it.each(cases)('encodes %s as the contract takes it', (name, deed, body) => {
    expect(callOf(deed)).toBe(selector(name) + body);
  });

  it('tells what is signed with its figures', () => {
    const names = { coin: String, energy: (mwh: bigint) => `${mwh} mWh`, price: String, time: String };
    for (const [, deed] of cases) expect(factsOf(deed, en, names).length).toBeGreaterThan(0);
    expect(factsOf(cases[0]![1], en, names)).toContainEqual({ name: en.facts.energy, value: '1599999 mWh' });
  });

  it('has words in both languages for what the contract refuses', () => {
    for (const of of [
      'PayeeIsPayer(address)',
      'PayeeCannotSign(address)',
      'EndTooEarly(uint40,uint256)',
      'EndTooLate(uint40,uint256)',
      'AlreadyOpen(bytes32)',
      'NotOpen(bytes32)',
      'NotPayer(address,address)',
      'NotCloser(address,address)',
      'ChannelEnded(bytes32,uint40,uint256)',
      'CloseTooEarly(bytes32,uint256,uint256)',
      'CloseTooLate(bytes32,uint256,uint256)',
      'ReclaimTooEarly(bytes32,uint256,uint256)',
      'WrongSigner(address,address)',
    ]) {
      const refusal = refusalOf(`${selector(of)}${word(1n).repeat(3)}` as Hex);
      expect(refusal?.name, of).toBe(of.split('(')[0]);
      expect(texts.en.errors[refusal!.name], of).toBeDefined();
      expect(texts.hi.errors[refusal!.name], of).toBeDefined();
    }
  });

  it('has its signature in two words, and no other than r, s and v', () => {
    expect(shortForm(`0x${'11'.repeat(32)}${'22'.repeat(32)}1b`).vs).toBe(`0x${'22'.repeat(32)}`);
    expect(() => shortForm(`0x${'11'.repeat(64)}00`)).toThrow(RangeError);
    expect(() => shortForm('0x11')).toThrow(RangeError);
  });
});

describe('what is typed', () => {
  const now = new Date('2026-06-21T12:00:00.900Z');
  const at = BigInt(Date.parse('2026-06-21T12:00:00Z') / 1000);

  it('is an end within 366 days, and later than the one that there is', () => {
    expect(readEnd('7', now)).toEqual({ end: at + 604_800n });
    expect(readEnd('0,5', now)).toEqual({ end: at + 43_200n });
    expect(readEnd('366', now)).toEqual({ end: at + 366n * 86_400n });
    for (const [text, fault] of [
      ['0', 'past'],
      ['-1', 'past'],
      ['366.001', 'late'],
      ['soon', 'form'],
      ['', 'form'],
    ])
      expect(readEnd(text!, now)).toEqual({ fault });
    expect(readEnd('1', now, at + 86_400n)).toEqual({ fault: 'before' });
    expect(readEnd('1', now, at + 86_399n)).toEqual({ end: at + 86_400n });
  });

  it('is an amount that is free, to the wei', () => {
    expect(readLock('1', 10n ** 18n)).toEqual({ wei: 10n ** 18n });
    expect(readLock('1', 10n ** 18n - 1n)).toEqual({ fault: 'short', missing: '0.000000000000000001' });
    expect(readLock('0', null)).toEqual({ fault: 'zero' });
    expect(readLock('a lot', null)).toEqual({ fault: 'form' });
  });
});

describe('a channel', () => {
  it('is open, over, and then out of reach of the payee', () => {
    const stage = (at: string) => stageOf(channel(), new Date(at));
    expect(
      ['2026-06-28T11:59:59Z', '2026-06-28T12:00:00Z', '2026-06-29T12:00:00Z', '2026-06-29T12:00:01Z'].map(stage),
    ).toEqual(['open', 'ended', 'ended', 'late']);
    expect(stageOf(channel({ phase: 'closed' }), new Date('2026-07-01T00:00:00Z'))).toBe('closed');
    expect([payer.toUpperCase().replace('0X', '0x'), payee, null].map((one) => partOf(channel(), one))).toEqual([
      'payer',
      'payee',
      'other',
    ]);
  });

  it('owes what its highest voucher says, or paid what the ledger says', () => {
    expect(soFar(channel())).toEqual({ wei: 0n, mwh: 0n });
    expect(soFar(channel({ voucherWei: '5', voucherMwh: '6' }))).toEqual({ wei: 5n, mwh: 6n });
    const ending = { paidWei: '3', returnedWei: '9', energyMwh: '4', place: channel().place };
    expect(soFar(channel({ voucherWei: '5', voucherMwh: '6', ending }))).toEqual({ wei: 3n, mwh: 4n });
  });

  it('pays for all the energy whose price, rounded down, is within it', () => {
    for (const [price, amount] of [
      [100_000n, 10_000n],
      [3n, 1n],
      [7n * 10n ** 17n, 10n ** 18n],
      [1_000_001n, 999n],
    ] as const) {
      const energy = energyFor(price, amount);
      expect(costOf(price, energy)).toBeLessThanOrEqual(amount);
      expect(costOf(price, energy + 1n)).toBeGreaterThan(amount);
    }
  });

  it('says why it stands still', () => {
    const now = new Date('2026-06-22T00:00:00Z');
    expect(stopOf(channel(), now, true)).toBeNull();
    expect(stopOf(channel(), now, false)).toBe('unanswered');
    expect(stopOf(channel({ voucherMwh: '10000' }), now, true)).toBe('locked');
    expect(stopOf(channel(), new Date('2026-06-28T12:00:00Z'), true)).toBe('ended');
  });

  it('shows how much of the block has come', () => {
    const flow = (arrivedMwh: string) => ({ phase: 'flowing' as const, arrivedMwh, trouble: null });
    const at = (arrived: string) =>
      blockCome(channel({ voucherMwh: '10000', mayFlowMwh: '20000', flow: flow(arrived) }));
    expect(['9000', '12500', '19999', '25000'].map(at)).toEqual([0, 25, 99, 100]);
    expect(blockCome(channel())).toBe(0);
    expect(blockCome(channel({ voucherMwh: '10000', flow: flow('5') }))).toBeNull();
  });
});

describe('a trial', () => {
  it('names what the ledger would refuse, and nothing when it is silent or was asked anew', async () => {
    vi.useFakeTimers();
    const answers: (() => Promise<unknown>)[] = [];
    const trial = new Trial({ request: () => answers.shift()!() });
    const call = { from: payer, to: payee, data: '0x' as Hex };
    const refused = (error: string) => () =>
      Promise.reject(new LedgerError('reverted', `${selector(error)}${word(1n)}` as Hex));
    answers.push(refused('MayNotSell(address)'));
    trial.ask(call);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(trial.refusal).toBe('MayNotSell');
    trial.ask(null);
    expect(trial.refusal).toBeNull();
    answers.push(() => Promise.reject(new LedgerError('no answer')));
    trial.ask(call);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(trial.refusal).toBeNull();
    trial.ask(call);
    trial.ask(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(answers).toHaveLength(0);
    vi.useRealTimers();
  });
});
