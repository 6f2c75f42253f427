import { readAmount, readPremises, type AmountFault } from '../bills/amount';
import { decimalText } from '../community/decimal';

/** What a treasurer fills in about money that went over the counter. */
export interface CashDraft {
  direction: 'received' | 'paidOut';
  means: 'cash' | 'bank' | 'upi';
  number: string;
  premises: string;
  amount: string;
  use: 'bills' | 'balance';
  note: string;
}

export type CashFaults = { premises?: true; number?: true; amount?: AmountFault };

/** The most that the node takes, in wei: a trillion coins. */
const most = 10n ** 30n;
const longestNumber = 64;

/** The body of the request, or what is wrong by field. */
export function readSlip(draft: CashDraft): { slip: Record<string, string> } | { faults: CashFaults } {
  const premises = readPremises(draft.premises);
  const number = draft.number.trim();
  const amount = readAmount(draft.amount, most);
  if (premises === null || number === '' || number.length > longestNumber || !('wei' in amount)) {
    return {
      faults: {
        ...(premises === null ? { premises: true } : {}),
        ...(number === '' || number.length > longestNumber ? { number: true } : {}),
        ...('fault' in amount ? { amount: amount.fault } : {}),
      },
    };
  }
  const { direction, means, note } = draft;
  const slip: Record<string, string> = { direction, means, number, premises, amountWei: decimalText(amount.wei, 0) };
  if (direction === 'received') slip.use = draft.use;
  if (note.trim() !== '') slip.note = note.trim();
  return { slip };
}

/** The receipt after a numbered one: `R-009` gives `R-010`; nothing where the last one has no number at its end. */
export function nextNumber(last: string | null | undefined): string {
  const match = /^(.*?)(\d{1,15})$/.exec(last ?? '');
  if (match === null) return '';
  return match[1] + String(Number(match[2]) + 1).padStart(match[2]!.length, '0');
}
