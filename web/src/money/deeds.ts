import * as billing from 'virtual:contract/Billing';
import * as payments from 'virtual:contract/Payments';
import { encodeCall } from '../proof/abi';
import type { Hex } from '../proof/bytes';

/** Most debts that the contract takes in one transaction. */
export const mostDebts = 128;

/** A debt from before its account. */
export interface Debt {
  premises: Hex;
  /** Wei, above 0. */
  amount: bigint;
  referenceId: Hex;
}

/** What those who answer for all do with money, in one transaction of their own. */
export type MoneyDeed =
  | { does: 'answerDispute'; premises: Hex; number: number; credit: bigint; reference: string }
  | { does: 'setProtected'; premises: Hex; on: boolean }
  | { does: 'setPrepaid'; premises: Hex; on: boolean }
  | { does: 'declareEmergency'; microgrid: number; until: Date | null }
  | { does: 'bookArrears'; debts: readonly Debt[] }
  | { does: 'assignTariff'; premises: Hex; tariff: number; from: Date; boundary: readonly Hex[] }
  /** The node has the call ready: it alone reads a tariff's text. */
  | { does: 'publishTariff'; name: string; data: Hex };

export interface MoneyCall {
  contract: 'payments' | 'billing';
  data: Hex;
}

/** The call that carries a deed out. */
export function callOf(deed: MoneyDeed): MoneyCall {
  switch (deed.does) {
    case 'answerDispute': {
      const { premises, number, credit } = deed;
      return pay(encodeCall(payments.answerDispute, [premises, number, credit, referenceWord(deed.reference)]));
    }
    case 'setProtected':
      return pay(encodeCall(payments.setProtected, [deed.premises, deed.on]));
    case 'setPrepaid':
      return pay(encodeCall(payments.setPrepaid, [deed.premises, deed.on]));
    case 'declareEmergency':
      return pay(encodeCall(payments.declareEmergency, [deed.microgrid, seconds(deed.until)]));
    case 'bookArrears':
      return pay(encodeCall(payments.bookArrears, [deed.debts]));
    case 'assignTariff': {
      const { premises, tariff, from, boundary } = deed;
      return {
        contract: 'billing',
        data: encodeCall(billing.assignTariff, [premises, tariff, seconds(from), boundary]),
      };
    }
    case 'publishTariff':
      return { contract: 'billing', data: deed.data };
  }
}

/** A reference as the ledger keeps it: its text from the left, zeros behind; null when it has more than 32 bytes. */
export function referenceWord(text: string): Hex | null {
  const bytes = new TextEncoder().encode(text.trim());
  if (bytes.length > 32) return null;
  return `0x${[...bytes]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .padEnd(64, '0')}`;
}

function pay(data: Hex): MoneyCall {
  return { contract: 'payments', data };
}

function seconds(at: Date | null): bigint {
  return at === null ? 0n : BigInt(Math.floor(at.getTime() / 1000));
}
