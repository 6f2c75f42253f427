import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/market/act';
import { callOf, type MarketDeed } from '../../src/market/deeds';
import { coinDecimals, decimalsOf, percentOf, readEnergy, readPart, readPrice } from '../../src/market/figures';
import { leftText, nextOf, timeLeft, unitsOf } from '../../src/market/left';
import { priceScale } from '../../src/market/priceScale';
import { creditIn, flowed, isOnSale, nextTax, partIn, shareText, withCredit } from '../../src/market/standing';
import { keccak, type Hex } from '../../src/proof/bytes';
import { refusalOf } from '../../src/signing/revert';
import { texts } from '../../src/signing/text';
import { en } from '../../src/text/market/en';
import { hi } from '../../src/text/market/hi';

const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const seller: Hex = `0x${'1a'.repeat(20)}`;
const units = en.units;
const selector = (signature: string) => keccak(new TextEncoder().encode(signature)).slice(0, 10);

describe('callOf', () => {
  const three = [word('01'), word('02'), word('03')];
  const two = [word('04'), word('05')];
  const number = (value: bigint) => value.toString(16).padStart(64, '0');
  const cases: [string, MarketDeed, string][] = [
    [
      'buy(bytes32[3],uint64,uint256)',
      { does: 'buy', words: three, energy: 3000n, most: 10n ** 18n },
      [...three.map((one) => one.slice(2)), number(3000n), number(10n ** 18n)].join(''),
    ],
    [
      'advertise(uint32,uint64,uint96)',
      { does: 'advertise', microgrid: 7, energy: 1000n, price: 5n },
      number(7n) + number(1000n) + number(5n),
    ],
    ['closeAdvert(bytes32[3])', { does: 'closeAdvert', words: three }, three.map((one) => one.slice(2)).join('')],
    [
      'demand(uint32,uint64,uint96,uint40,bool)',
      { does: 'demand', microgrid: 1, energy: 1000n, price: 5n, until: 1_900_000_000n, firstCome: true },
      number(1n) + number(1000n) + number(5n) + number(1_900_000_000n) + number(1n),
    ],
    ['closeDemand(bytes32[2])', { does: 'closeDemand', words: two }, two.map((one) => one.slice(2)).join('')],
    [
      'offerToSell(bytes32[2],bool)',
      { does: 'offer', words: two, direct: false },
      two.map((one) => one.slice(2)).join('') + number(0n),
    ],
    [
      'withdrawOffer(bytes32[2],address)',
      { does: 'withdrawOffer', words: two, seller },
      two.map((one) => one.slice(2)).join('') + seller.slice(2).padStart(64, '0'),
    ],
    [
      'accept(bytes32[2],address)',
      { does: 'accept', words: two, seller },
      two.map((one) => one.slice(2)).join('') + seller.slice(2).padStart(64, '0'),
    ],
    ['draw(uint32,uint64)', { does: 'draw', microgrid: 2, energy: 1500n }, number(2n) + number(1500n)],
    [
      'expire(bytes32[6])',
      { does: 'expire', words: [...three, ...three] },
      [...three, ...three].map((one) => one.slice(2)).join(''),
    ],
  ];

  it.each(cases)('encodes %s as the contract takes it', (signature, deed, body) => {
    const contract = /^(demand|closeDemand|offerToSell|withdrawOffer|accept)\(/.test(signature) ? 'demands' : 'board';
    expect(callOf(deed)).toEqual({ contract, data: selector(signature) + body });
  });

  it('refuses words of another thing', () => {
    expect(() => callOf({ does: 'buy', words: two, energy: 1n, most: 1n })).toThrow();
  });
});

describe('wordsOf', () => {
  const names = { coin: (wei: bigint) => `${wei} wei`, energy: (mwh: bigint) => `${mwh} mWh`, time: () => 'then' };

  it('tells what is signed with its figures, in the order in which they are read', () => {
    const deed: MarketDeed = { does: 'buy', words: [], energy: 5n, most: 9n };
    expect(wordsOf(deed, { tax: '1', share: '8' }, en, names)).toEqual({
      ...en.deeds.buy,
      facts: [
        { name: en.facts.energy, value: '5 mWh' },
        { name: en.facts.share, value: '8' },
        { name: en.facts.tax, value: '1' },
        { name: en.facts.most, value: '9 wei' },
      ],
    });
    expect(wordsOf(deed, {}, hi, names).title).toBe(hi.deeds.buy.title);
  });
});

describe('energies', () => {
  it('are read to the milliwatt-hour, between their bounds', () => {
    expect(readEnergy('0.001', 1000n, 5000n)).toEqual({ mwh: 1000n });
    expect(readEnergy('0,005', 1000n, 5000n)).toEqual({ fault: 'form' });
    expect(readEnergy('1,5', 1000n, 5_000_000n)).toEqual({ mwh: 1_500_000n });
    expect(readEnergy('0.000999', 1000n, 5000n)).toEqual({ fault: 'least' });
    expect(readEnergy('0', 1000n, 5000n)).toEqual({ fault: 'least' });
    expect(readEnergy('0.006', 1000n, 5000n)).toEqual({ fault: 'most' });
    for (const text of ['', '-1', '1e3', '0.0000001', 'all'])
      expect(readEnergy(text, 1n, 9n)).toEqual({ fault: 'form' });
  });

  it('may be less than a watt-hour where that is all that is left', () => {
    expect(readPart('0.0005', 1000n, 500n)).toEqual({ mwh: 500n });
    expect(readPart('0.0004', 1000n, 500n)).toEqual({ fault: 'least' });
    expect(readPart('0.0005', 1000n, 5000n)).toEqual({ fault: 'least' });
  });

  it('have the decimals that make them readable', () => {
    expect(['0', '500', '12444', '2000000', '40000000'].map(decimalsOf)).toEqual([2, 4, 6, 2, 1]);
    expect(
      ['0', '100000000000000000', '281000000000000', '280529999999999', '2000000000000000000000'].map(coinDecimals),
    ).toEqual([2, 2, 6, 6, 2]);
    expect(decimalsOf('4000')).toBe(3);
    expect([percentOf(1n, 3n), percentOf(2999n, 3000n), percentOf(3n, 3n), percentOf(0n, 0n)]).toEqual([
      33, 99, 100, 100,
    ]);
  });
});

describe('readPrice', () => {
  it('knows the ceiling', () => {
    expect(readPrice('0.1', 10n ** 18n)).toEqual({ wei: 10n ** 17n });
    expect(readPrice('1.000000000000000001', 10n ** 18n)).toEqual({ fault: 'ceiling' });
    expect(readPrice('0', 10n ** 18n)).toEqual({ fault: 'zero' });
    expect(readPrice('cheap', 10n ** 18n)).toEqual({ fault: 'form' });
  });
});

describe('time left', () => {
  const now = new Date('2026-06-21T12:00:00Z');

  it('counts down in its two largest units', () => {
    const text = (end: string) => {
      const left = timeLeft(end, now);
      return left === null ? null : leftText(left, units);
    };
    expect(text('2026-06-23T15:00:00Z')).toBe('2 d 03 h');
    expect(text('2026-06-21T13:04:59Z')).toBe('1 h 04 min');
    expect(text('2026-06-21T12:12:05Z')).toBe('12 min 05 s');
    expect(text('2026-06-21T12:00:00.400Z')).toBe('1 s');
    expect(text('2026-06-21T12:00:00Z')).toBeNull();
    expect(timeLeft('2026-06-21T13:00:00Z', null)).toBeNull();
    expect(leftText(unitsOf(10_800), units)).toBe('3 h');
  });

  it('finds what changes next', () => {
    expect(nextOf(['2026-06-21T11:00:00Z', null, '2026-06-21T13:00:00Z', '2026-06-21T12:30:00Z'], now)).toBe(
      Date.parse('2026-06-21T12:30:00Z'),
    );
    expect(nextOf([undefined, '2026-06-21T12:00:00Z'], now)).toBeNull();
  });
});

describe('standing', () => {
  const terms = {
    tax: [
      { untilMwh: '5000000', share: 200 },
      { untilMwh: '20000000', share: 300 },
      { untilMwh: null, share: 500 },
    ],
  } as Parameters<typeof nextTax>[0];
  const credits = [
    { microgrid: 1, freeMwh: '5', committedMwh: '0' },
    { microgrid: 2, freeMwh: '0', committedMwh: '4' },
    { microgrid: 3, freeMwh: '9', committedMwh: '0' },
  ];
  const trader = { credits } as unknown as Parameters<typeof creditIn>[0];

  it('is in the slab that the next energy falls into', () => {
    expect(['0', '4999999', '5000000', '20000000'].map((bought) => nextTax(terms, bought))).toEqual([
      200, 200, 300, 500,
    ]);
    expect([shareText(250), shareText(1000)]).toEqual(['2.5\u00a0%', '10\u00a0%']);
  });

  it('has what is free, the fullest store first', () => {
    expect([creditIn(trader, 3), creditIn(trader, 9), creditIn(null, 1)]).toEqual([9n, 0n, 0n]);
    expect(withCredit(trader)).toEqual([3, 1]);
  });

  it('is a part in a trade', () => {
    const trade = { kind: 'advert' as const, seller, buyer: `0x${'2B'.repeat(20)}` };
    expect(partIn(trade, seller.toUpperCase().replace('0X', '0x'))).toBe('sold');
    expect(partIn(trade, `0x${'2b'.repeat(20)}`)).toBe('bought');
    expect(partIn(trade, null)).toBe('other');
    expect(partIn({ kind: 'draw', seller, buyer: seller }, seller)).toBe('drawn');
  });

  it('takes what the meters told where the ledger has less', () => {
    const told = (energyMwh: string) => ({ sink: { energyMwh } }) as unknown as Parameters<typeof flowed>[0]['live'];
    expect(flowed({ live: told('12444'), deliveredMwh: '0' })).toBe(12_444n);
    expect(flowed({ live: told('5'), deliveredMwh: '9' })).toBe(9n);
    expect(flowed({ live: null, deliveredMwh: '9' })).toBe(9n);
  });

  it('knows that a list may be older than the end of an advert', () => {
    const end = '2026-06-21T12:00:00Z';
    expect(isOnSale({ state: 'live', end }, new Date('2026-06-21T11:59:59Z'))).toBe(true);
    expect(isOnSale({ state: 'live', end }, new Date(end))).toBe(false);
    expect(isOnSale({ state: 'closed', end }, new Date('2026-06-21T11:00:00Z'))).toBe(false);
  });
});

describe('priceScale', () => {
  it('holds both prices between round ones', () => {
    for (const [lowest, highest] of [
      [0.1, 0.3],
      [0.1, 0.1],
      [0.00001, 2],
      [3, 3.00001],
    ] as const) {
      const { low, high, ticks } = priceScale(lowest, highest);
      expect(low, `${lowest}`).toBeLessThanOrEqual(lowest);
      expect(high, `${highest}`).toBeGreaterThanOrEqual(highest);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThan(9);
    }
  });
});

describe('refusals of the market', () => {
  it.each([
    ['TotalAboveMaximum(uint256,uint256)', [11n, 10n], ['total 11', 'maximum 10']],
    ['AdvertExpired(bytes32,uint256,uint256)', [1n, 2n, 3n], undefined],
    ['FreeTooLittle(address,uint256,uint256)', [1n, 2n, 3n], undefined],
    ['CreditTooLittle(address,uint64,uint64)', [1n, 2n, 3n], undefined],
    ['WrongEnd(uint256,uint256,uint256)', [1n, 2n, 3n], undefined],
    ['EnergyTooLittle(uint64,uint64)', [1n, 2n], undefined],
  ] as const)('%s is known and has words in both languages', (signature, values, said) => {
    const data = selector(signature) + values.map((value) => value.toString(16).padStart(64, '0')).join('');
    const refusal = refusalOf(data as Hex)!;
    expect(refusal.name).toBe(signature.split('(')[0]);
    expect(texts.en.errors[refusal.name]).toBeTruthy();
    expect(texts.hi.errors[refusal.name]).toBeTruthy();
    if (said !== undefined) expect(refusal.values.map(({ name, value }) => `${name} ${value}`)).toEqual(said);
  });

  it('each that the node foretells has words', async () => {
    const document = (await import('../../../docs/openapi.json')).default as unknown as {
      components: { schemas: Record<string, { properties: Record<string, { enum?: (string | null)[] }> }> };
    };
    const names = document.components.schemas.PurchaseQuoteDocument!.properties.refusal!.enum!.filter(
      (name) => name !== null,
    );
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      expect(texts.en.errors[name], name).toBeTruthy();
      expect(texts.hi.errors[name], name).toBeTruthy();
    }
  });
});
