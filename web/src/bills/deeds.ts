import * as payments from 'virtual:contract/Payments';
import * as vault from 'virtual:contract/Vault';
import { encodeCall } from '../proof/abi';
import type { Hex } from '../proof/bytes';

/** What a person does with money, in one transaction of their own. Amounts are wei, above 0. */
export type BillDeed =
  | { does: 'pay'; premises: Hex; amount: bigint }
  | { does: 'payFromBalance'; premises: Hex; amount: bigint }
  | { does: 'deposit'; amount: bigint }
  | { does: 'withdraw'; amount: bigint }
  | { does: 'allowRedemption'; amount: bigint }
  | { does: 'fund'; premises: Hex; amount: bigint }
  | { does: 'unfund'; premises: Hex; amount: bigint }
  | { does: 'dispute'; premises: Hex; number: number };

export interface MoneyCall {
  contract: 'payments' | 'vault';
  data: Hex;
  /** Wei that go with it. */
  value: bigint;
}

/** The call that carries a deed out; what is paid or put in goes along as its value. */
export function callOf(deed: BillDeed): MoneyCall {
  switch (deed.does) {
    case 'pay':
      return of('payments', encodeCall(payments.pay, [deed.premises, deed.amount]), deed.amount);
    case 'payFromBalance':
      return of('payments', encodeCall(payments.payFromBalance, [deed.premises, deed.amount]));
    case 'deposit':
      return of('vault', encodeCall(vault.deposit, [deed.amount]), deed.amount);
    case 'withdraw':
      return of('vault', encodeCall(vault.withdraw, [deed.amount]));
    case 'allowRedemption':
      return of('vault', encodeCall(vault.allowRedemption, [deed.amount]));
    case 'fund':
      return of('payments', encodeCall(payments.fund, [deed.premises, deed.amount]));
    case 'unfund':
      return of('payments', encodeCall(payments.unfund, [deed.premises, deed.amount]));
    case 'dispute':
      return of('payments', encodeCall(payments.dispute, [deed.premises, deed.number]));
  }
}

function of(contract: MoneyCall['contract'], data: Hex, value = 0n): MoneyCall {
  return { contract, data, value };
}
