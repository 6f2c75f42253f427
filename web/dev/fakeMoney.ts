import type { Arrears, ArrearsCheck, Books, Tariff, TariffCheck, TariffSheet } from '../src/api/screens';
import type { House } from '../src/api/types';
import { keccak, uint } from '../src/proof/bytes';

const coin = 10n ** 18n;
const wei = (thousandths: number) => ((BigInt(thousandths) * coin) / 1000n).toString();
const day = 86_400;
const iso = (at: number) => new Date(at * 1000).toISOString().replace('.000Z', 'Z');
const hash = (text: string) => keccak(new TextEncoder().encode(text));

const sheet: TariffSheet = {
  name: 'Domestic',
  currency: null,
  zone: 'Asia/Kolkata',
  firstDay: '2026-04-01',
  endDay: null,
  fixedChargeWei: wei(50),
  minimumChargeWei: '0',
  exportPriceWei: wei(2),
  carriesEnergy: false,
  dueSeconds: 15 * day,
  graceSeconds: 30 * day,
  periodSeconds: 30 * day,
  slabs: [
    { upToMwh: '100000000', priceWei: wei(5), fixedChargeWei: '0' },
    { upToMwh: null, priceWei: wei(7), fixedChargeWei: '0' },
  ],
  bands: [
    {
      name: 'Evening',
      priceWei: wei(1),
      times: [
        { days: ['weekday'], seasons: ['Summer'], hours: ['18:00-22:00'] },
        { days: [], seasons: [], hours: ['22:00-01:00'] },
      ],
    },
    { name: 'Other', priceWei: '0', times: [] },
  ],
  seasons: [{ name: 'Summer', firstDay: '04-01', lastDay: '09-30' }],
  weekend: ['sunday'],
  holidays: ['2026-08-15', '2026-10-02'],
  taxes: [{ name: 'Electricity duty', share: 750, priceWei: '0' }],
};

const text = 'form: 1\nname: "Domestic"\nzone: "Asia/Kolkata"\nvalidFrom: 2026-04-01\n';

/** Arrears, books and tariffs of the made-up community. The books agree until somebody checks them. */
export class FakeMoney {
  private checks = 0;

  constructor(private readonly now: number) {}

  /** Null for what is not about money. */
  answer(parts: readonly string[], given: Record<string, unknown>, houses: readonly House[]): unknown {
    const checks = parts[3] === 'check';
    if (parts[2] === 'books') return checks ? this.check() : this.books();
    if (parts[2] === 'arrears') return checks ? this.opening(given, houses) : this.arrears(houses);
    if (parts[2] === 'tariffs') return checks ? this.tariff(given) : this.tariffs();
    return null;
  }

  private place(block: number) {
    return { block, transaction: keccak(uint(BigInt(block), 32)), at: iso(this.now - day) };
  }

  private check(): Books {
    this.checks++;
    return { ...this.books(), checking: true };
  }

  private books(): Books {
    const months = [6, 7, 8, 9, 10].map((month, i) => ({
      month: `2026-${String(month).padStart(2, '0')}`,
      bills: 12,
      importMwh: `${1_440_000_000 + i * 31_250_000}`,
      exportMwh: `${240_000_000 - i * 9_000_000}`,
      lostMwh: i === 0 ? null : `${61_000_000 + i * 1_000_000}`,
      billedWei: wei(8550 + 120 * i),
      paidWei: wei(7800 + 130 * i),
    }));
    const faults = [
      {
        what: `account of ${hash('premises of house 7')}`,
        detail: 'its open bills sum to 0.7125, and it owes 0.712500000000000001',
        premises: hash('premises of house 7'),
        name: 'House 7',
      },
    ];
    const agree = this.checks === 0;
    return {
      checking: false,
      at: iso(this.now - 300),
      block: 812,
      blockTime: iso(this.now - 320),
      agree,
      faultCount: agree ? 0 : faults.length,
      faults: agree ? [] : faults,
      months,
      totals: {
        accounts: 12,
        bills: 60,
        corrections: 1,
        billedWei: wei(43_950),
        creditedWei: wei(250),
        paidWei: wei(40_300),
        arrearsWei: wei(3400),
        creditWei: '0',
        balancesWei: wei(55_000),
        lockedWei: wei(5000),
        heldWei: wei(60_000),
        issuedWei: wei(60_000),
      },
      trouble: null,
    };
  }

  private arrears(houses: readonly House[]): Arrears {
    const owing = houses.filter(({ kind }) => kind === 'premises').slice(3, 8);
    return {
      totalWei: wei(3400),
      accounts: owing.length,
      items: owing.map(({ premises, name }, i) => ({
        premises,
        name,
        holder: null,
        debtWei: wei(280 + 200 * i),
        openBills: 1 + (i % 2),
        since: iso(this.now - (20 + 9 * i) * day),
        deadline: i === 1 ? null : iso(this.now + (12 - 9 * i) * day),
        permitted: i < 2,
        disputed: i === 1,
        disputes: i === 1 ? [2] : [],
        protected: i === 4,
        prepaid: i === 0,
      })),
      next: null,
      refusals: [
        {
          premises: houses[8]!.premises,
          name: houses[8]!.name,
          detail: 'the reading at its end has not come',
          at: iso(this.now - 60),
        },
      ],
      emergencies: [{ microgrid: 0, until: iso(this.now + 2 * day) }],
    };
  }

  private opening(given: Record<string, unknown>, houses: readonly House[]): ArrearsCheck {
    const rows = given['rows'] as { line: number; house: string; amount: string; reference: string }[];
    const items = rows.map(({ line, house, amount }): ArrearsCheck['items'][number] => {
      const found = houses.find(({ name }) => name.toLowerCase() === house.toLowerCase());
      return {
        line,
        name: found?.name ?? house,
        premises: found?.premises ?? null,
        amountWei: wei(Math.round(Number(amount) * 1000)),
        referenceId: hash('a reference'),
        state: found === undefined ? 'refused' : 'ready',
        fault: found === undefined ? 'unknownHouse' : null,
        other: null,
      };
    });
    return { items, readyWei: wei(12_500) };
  }

  private tariffs(): Tariff[] {
    return [
      {
        number: 1,
        name: sheet.name,
        currency: sheet.currency,
        fault: null,
        text,
        sheet,
        ledger: this.ledger(),
        accounts: 12,
        place: this.place(3),
      },
    ];
  }

  private tariff(given: Record<string, unknown>): TariffCheck {
    const good = String(given['text']).includes('name:');
    if (!good) {
      return {
        faults: [{ line: 1, member: 'name', reason: 'Missing', detail: 'is missing' }],
        sheet: null,
        ledger: null,
        text: null,
        data: null,
        refusal: null,
        example: null,
      };
    }
    const line = { kind: 'slab' as const, name: '', share: 0 };
    return {
      faults: [],
      sheet,
      ledger: this.ledger(),
      text,
      data: '0x12345678',
      refusal: null,
      example: {
        start: iso(this.now),
        end: iso(this.now + 30 * day),
        use: {
          importMwh: '120000000',
          exportMwh: '0',
          boughtMwh: '0',
          soldMwh: '0',
          carriedInMwh: '0',
          usedMwh: '0',
          billedMwh: '120000000',
          carriedOutMwh: '0',
          prorated: false,
        },
        lines: [
          { ...line, energyMwh: '100000000', priceWei: wei(5), amountWei: wei(500) },
          { ...line, energyMwh: '20000000', priceWei: wei(7), amountWei: wei(140) },
        ],
        totalWei: wei(640),
      },
    };
  }

  private ledger(): Tariff['ledger'] {
    return {
      hash: hash(text),
      payee: `0x${'0e'.repeat(20)}`,
      validFrom: '2026-03-31T18:30:00Z',
      validUntil: null,
      dueSeconds: sheet.dueSeconds,
      graceSeconds: sheet.graceSeconds,
      nominalSeconds: sheet.periodSeconds,
      fixedChargeWei: sheet.fixedChargeWei,
      minimumChargeWei: sheet.minimumChargeWei,
      exportPriceWei: sheet.exportPriceWei,
      carriesEnergy: false,
      bandPricesWei: [wei(1), '0', '0', '0'],
      slabs: sheet.slabs,
      taxes: sheet.taxes,
    };
  }
}
