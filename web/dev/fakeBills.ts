import type { Bill, BillAccount, BillDetail, Page } from '../src/api/screens';
import { keccak, uint, type Hex } from '../src/proof/bytes';

const day = 86_400;
const month = 30 * day;
const coin = 10n ** 18n;
const iso = (at: number) => new Date(at * 1000).toISOString().replace('.000Z', 'Z');
const place = (number: number, at: number) => ({
  block: 40 + number,
  transaction: keccak(uint(BigInt(number), 32)),
  at: iso(at),
});

/** Four bills of one house, newest first, each in another state; their sums are right, the readings mean nothing. */
export class FakeBills {
  constructor(
    private readonly meter: Hex,
    private readonly premises: Hex,
    private readonly now: number,
  ) {}

  page(): Page<Bill> {
    return { items: [4, 3, 2, 1].map((number) => this.one(number).bill), next: null };
  }

  one(number: number): BillDetail {
    const [start, end] = [this.now - (6 - number) * month, this.now - (5 - number) * month];
    const [taken, given] = [(90n + 12n * BigInt(number)) * 1_000_000n, 8_000_000n];
    const [cheap, dear] = [(5n * coin) / 1000n, (75n * coin) / 10_000n];
    const rest = taken - 100_000_000n > 0n ? taken - 100_000_000n : 0n;
    const fixed = (5n * coin) / 100n;
    const energy = ((taken - rest) * cheap + rest * dear) / 1_000_000n;
    const tax = ((energy + fixed) * 75n) / 1000n;
    const credit = (given * 2n * coin) / 1000n / 1_000_000n;
    const total = energy + fixed + tax - credit;
    const outstanding = number === 4 ? total : number === 3 ? total / 2n : 0n;
    const reading = (at: number, mwh: bigint, sent: bigint) => ({
      meter: this.meter,
      instant: iso(at),
      importMwh: mwh.toString(),
      exportMwh: sent.toString(),
      estimated: number === 2 && at === end,
      importBeforeMwh: '0',
      exportBeforeMwh: '0',
      intervalStart: at - 900,
      proof: `/api/v1/proofs/${this.meter}/${at - 900}`,
    });
    const line = (kind: BillDetail['lines'][number]['kind'], amountWei: bigint, more: object = {}) => ({
      kind,
      name: '',
      energyMwh: null,
      priceWei: null,
      share: 0,
      amountWei: amountWei.toString(),
      ...more,
    });
    const slab = (mwh: bigint, price: bigint) =>
      line('slab', (mwh * price) / 1_000_000n, { energyMwh: mwh.toString(), priceWei: price.toString() });
    return {
      premises: this.premises,
      bill: {
        number,
        version: 1,
        state: number === 4 ? 'open' : number === 3 ? 'overdue' : 'paid',
        flags: number === 2 ? ['estimated'] : [],
        start: iso(start),
        end: iso(end),
        importMwh: taken.toString(),
        exportMwh: given.toString(),
        amountWei: total.toString(),
        outstandingWei: outstanding.toString(),
        due: iso(end + (number === 4 ? 42 : 15) * day),
        deadline: iso(end + 60 * day),
        currency: 'INR',
        place: place(number, end + 900),
      },
      tariff: { number: 1, name: 'Domestic, single phase', currency: 'INR' },
      opening: reading(start, 1_000_000_000n, 40_000_000n),
      closing: reading(end, 1_000_000_000n + taken, 40_000_000n + given),
      use: {
        importMwh: taken.toString(),
        exportMwh: given.toString(),
        boughtMwh: '0',
        soldMwh: '0',
        carriedInMwh: '0',
        usedMwh: '0',
        billedMwh: taken.toString(),
        carriedOutMwh: '0',
        prorated: false,
      },
      lines: [
        slab(taken - rest, cheap),
        ...(rest > 0n ? [slab(rest, dear)] : []),
        line('fixedCharge', fixed),
        line('tax', tax, { name: 'Electricity duty', share: 750 }),
        line('exportCredit', -credit, { energyMwh: given.toString(), priceWei: ((2n * coin) / 1000n).toString() }),
      ],
      totalWei: total.toString(),
      creditedWei: '0',
      verified: true,
      fault: null,
      versions: [{ version: 1, totalWei: total.toString(), flags: [], place: place(number, end + 900) }],
    };
  }

  account(holder: Hex): BillAccount {
    const debt = [4, 3].reduce((sum, number) => sum + BigInt(this.one(number).bill.outstandingWei), 0n);
    return {
      premises: this.premises,
      debtWei: debt.toString(),
      deadline: iso(this.now + 12 * day),
      permitted: true,
      protected: false,
      emergencyUntil: null,
      prepaid: null,
      trips: [],
      tariff: { number: 1, name: 'Domestic, single phase', currency: 'INR' },
      periodStart: iso(this.now - month),
      periodEnd: iso(this.now + 3 * day),
      boundary: [1, 2, 3, 4, 5, 6, 7].map((word) => keccak(uint(BigInt(word), 32))),
      assigned: null,
      ended: false,
      payments: [
        {
          account: holder,
          amountWei: (coin / 2n).toString(),
          debtWei: debt.toString(),
          place: place(9, this.now - 3 * day),
        },
      ],
      vault: {
        account: holder,
        freeWei: (2n * coin).toString(),
        lockedWei: coin.toString(),
        setAsideWei: coin.toString(),
      },
      supply: [{ meter: this.meter, name: 'House 7', supply: null }],
    };
  }
}
