import { describe, expect, it } from 'vitest';
import { nextNumber, readSlip, type CashDraft } from '../../src/cash/slip';

const premises = `0x${'2b'.repeat(32)}`;
const draft: CashDraft = {
  direction: 'received',
  means: 'upi',
  number: ' 4187 ',
  premises,
  amount: '12.5',
  use: 'bills',
  note: '',
};

describe('readSlip', () => {
  it('makes the request of what is filled in', () => {
    expect(readSlip(draft)).toEqual({
      slip: {
        direction: 'received',
        means: 'upi',
        number: '4187',
        premises,
        amountWei: '12500000000000000000',
        use: 'bills',
      },
    });
  });

  it('says nothing of the use of money that is paid out', () => {
    expect(readSlip({ ...draft, direction: 'paidOut', note: ' back ' })).toMatchObject({ slip: { note: 'back' } });
    expect(readSlip({ ...draft, direction: 'paidOut' })).not.toHaveProperty('slip.use');
  });

  it.each([
    [{ premises: '' }, { premises: true }],
    [{ number: ' ' }, { number: true }],
    [{ number: '7'.repeat(65) }, { number: true }],
    [{ amount: '0' }, { amount: 'zero' }],
    [{ amount: '1,500' }, { amount: 'form' }],
    [{ amount: '1000000000001' }, { amount: 'most' }],
  ])('names what is wrong with %j', (change, faults) => {
    expect(readSlip({ ...draft, ...change })).toEqual({ faults });
  });
});

describe('nextNumber', () => {
  it.each([
    ['R-009', 'R-010'],
    ['99', '100'],
    ['book', ''],
    [null, ''],
    [undefined, ''],
  ])('after %s comes %s', (last, next) => expect(nextNumber(last)).toBe(next));
});
