import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Anchor, Block, Community, Health, House, Now, Page, Problem } from '../src/api/types';
import { fromHex, keccak, uint, type Hex } from '../src/proof/bytes';
import type { Proof } from '../src/proof/document';
import { FakeAccess } from './fakeAccess';
import { FakeBills } from './fakeBills';
import { anchorsContract, chainId, documentOf, fakeInterval, fakeMeter, metersContract } from './fakeCommunity';
import { FakeLedger } from './fakeLedger';
import { FakeMoney } from './fakeMoney';

const minutes = 15;
const seconds = minutes * 60;
/** Simulated seconds in a real one. */
const speed = 60;
const history = 40;
const epoch = Date.UTC(2026, 10, 21, 7, 15) / 1000;
const iso = (at: number) => new Date(at * 1000).toISOString();

const houses = [
  ...Array.from({ length: 10 }, (_, i) => fakeMeter(`House ${i + 1}`)),
  fakeMeter('Lift'),
  fakeMeter('Water pump'),
];
const transformer = fakeMeter('Transformer', 'transformer');
const store = fakeMeter('Shared battery', 'storage');

/** A made-up community for working on the pages without a node. Its figures mean nothing; only the proofs are right. */
export class FakeNode {
  private readonly begun = Date.now();
  private readonly ledger = new FakeLedger();
  private readonly proofs = new Map<string, Proof>();
  private readonly registers = new Map(houses.map((house, i) => [house.meter, [BigInt(i) * 10n ** 9n, 0n]]));
  private readonly anchors: Anchor[] = [];
  private readonly blocks: Block[] = [];
  private readonly listeners = new Set<ServerResponse>();
  private closed = epoch - history * seconds;
  private event = 0;

  private readonly access: FakeAccess;
  private readonly money = new FakeMoney(epoch);

  constructor(
    private readonly empty: boolean,
    demo = true,
  ) {
    this.access = new FakeAccess(demo);
    if (!empty) this.close();
    setInterval(() => this.tick(), 1000);
  }

  private get now(): number {
    return epoch + Math.floor(((Date.now() - this.begun) / 1000) * speed);
  }

  /** Answers a request of the API or the ledger; false when the path is not one of them. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const parts = url.pathname.split('/').slice(1);
    if (url.pathname === '/rpc') {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      return send(response, this.ledger.answer(JSON.parse(body)));
    }
    if (parts[0] !== 'api') return false;
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const given = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    if (this.access.handle(request, response, parts, given)) return true;
    if (parts[2] === 'now') return send(response, this.sums());
    const limit = Number(url.searchParams.get('limit') ?? 25);
    if (parts[2] === 'community') return send(response, this.community());
    if (parts[2] === 'houses') return send(response, this.houses());
    if (parts[2] === 'bills' || parts[2] === 'account') {
      const bills = new FakeBills(houses[6]!.meter, (url.searchParams.get('premises') ?? zero) as Hex, epoch);
      if (parts[2] === 'account') return send(response, bills.account(this.access.address));
      return send(response, parts[3] === undefined ? bills.page() : bills.one(Number(parts[3])));
    }
    const money = this.money.answer(parts, given, this.meters());
    if (money !== null) return send(response, money);
    if (parts[2] === 'health') return send(response, well);
    if (parts[2] === 'explorer' && parts[3] === 'blocks') {
      const below = Number(url.searchParams.get('cursor') ?? Infinity);
      return send(
        response,
        page(
          this.blocks.filter(({ number }) => number < below),
          limit,
          ({ number }) => `${number}`,
        ),
      );
    }
    if (parts[2] === 'anchors') {
      const before = url.searchParams.get('cursor') ?? '9';
      return send(
        response,
        page(
          this.anchors.filter(({ start }) => start < before),
          limit,
          ({ start }) => start,
        ),
      );
    }
    if (parts[2] === 'proofs') {
      const proof = this.proofs.get(`${parts[3]?.toLowerCase()}/${parts[4]}`);
      return proof
        ? send(response, documentOf(proof))
        : send(response, { ...notFound, detail: 'There is no proof for this interval.' }, 404);
    }
    if (parts[2] === 'live') return this.stream(response);
    return send(response, notFound, 404);
  }

  private stream(response: ServerResponse): boolean {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    this.listeners.add(response);
    response.on('close', () => this.listeners.delete(response));
    return true;
  }

  private tick(): void {
    if (!this.empty) this.close();
    this.say('houses', this.houses());
    this.say('now', this.sums());
  }

  private say(name: string, value: unknown): void {
    for (const listener of this.listeners)
      listener.write(`id: ${++this.event}\nevent: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
  }

  private community(): Community {
    return {
      name: 'Neem Lane Society',
      zone: 'Asia/Kolkata',
      intervalMinutes: minutes,
      chainId: Number(chainId),
      contracts: {
        council: zero,
        members: zero,
        meters: metersContract,
        anchors: anchorsContract,
        vault: `0x${'5a'.repeat(20)}`,
        payments: `0x${'5b'.repeat(20)}`,
        billing: `0x${'5c'.repeat(20)}`,
        storage: null,
        taxes: null,
        board: null,
        demands: null,
        channels: null,
      },
      microgrids: [{ id: 1, name: 'Neem Lane' }],
      demo: this.access.demo,
      version: '0.2.0',
      mqttPort: 1883,
      operator: '0x13bf66fbd26f2014a9f96abce113c087a7e6920e',
      setUp: true,
      now: iso(this.now),
    };
  }

  private houses(): House[] {
    return this.access.seesAll ? this.meters() : this.access.household ? this.meters().slice(6, 7) : [];
  }

  private sums(): Now {
    const rows = this.meters().filter((row) => row.kind !== 'transformer');
    const known = rows.flatMap((row) => (row.powerW === null || row.stale ? [] : [row.powerW]));
    const add = (list: number[]) => list.reduce((a, b) => a + b, 0);
    const energy = (name: 'todayImportMwh' | 'todayExportMwh') =>
      rows.reduce((sum, row) => sum + BigInt(row[name]), 0n).toString();
    const sum = {
      id: 1,
      name: 'Neem Lane',
      at: iso(this.now),
      importW: add(known.filter((watts) => watts > 0)),
      exportW: add(known.filter((watts) => watts < 0)),
      netW: add(known),
      todayImportMwh: energy('todayImportMwh'),
      todayExportMwh: energy('todayExportMwh'),
      meters: rows.length,
      reporting: known.length,
    };
    return { at: iso(this.now), microgrids: this.empty ? [] : [sum], total: { ...sum, id: 0 } };
  }

  private meters(): House[] {
    if (this.empty) return [];
    const rows = houses.map((house, i) => {
      const sun = i % 3 === 0 ? -1500 : 0;
      const powerW = i === 6 ? 0 : Math.round(sun + 300 * (1 + i * 0.4) + 90 * Math.sin(this.now / 300 + i * 2));
      return this.row(
        house.meter,
        house.name,
        house.kind,
        i === 8 ? null : powerW,
        i === 4,
        1_234_567n * BigInt(i + 1),
      );
    });
    const sum = rows.reduce((total, row) => total + (row.powerW ?? 0), 0);
    rows.push(
      this.row(transformer.meter, transformer.name, transformer.kind, Math.round(sum * 1.02), false, 48_123_456n),
    );
    rows.push(this.row(store.meter, store.name, store.kind, -420, false, 3_000_000n));
    return rows;
  }

  private row(
    meter: Hex,
    name: string,
    kind: House['kind'],
    powerW: number | null,
    stale: boolean,
    today: bigint,
  ): House {
    const lastSeen = powerW === null ? null : iso(stale ? epoch - 90_000 : this.now);
    const todayImportMwh = today.toString();
    return {
      meter,
      kind,
      name,
      microgrid: 1,
      premises: keccak(fromHex(meter)),
      powerW,
      lastSeen,
      stale,
      // The seventh house of the made-up community has not paid.
      relay: kind === 'transformer' ? null : meter === houses[6]!.meter ? 'open' : 'closed',
      todayImportMwh,
      todayExportMwh: (today / 3n).toString(),
      importMwh: (today * 30n).toString(),
      exportMwh: (today * 10n).toString(),
      lastReading: lastSeen === null ? null : iso(epoch),
    };
  }

  private close(): void {
    for (; this.closed + seconds <= this.now; this.closed += seconds) {
      const start = BigInt(this.closed);
      const proofs = fakeInterval(
        start,
        1n,
        houses.map((meter, i) => {
          const [taken, given] = [
            100_000n + ((start / 7n) % 90_000n) * BigInt(i + 1),
            BigInt(i % 3 === 0 ? 61_803 : 0),
          ];
          const register = this.registers.get(meter.meter)!;
          register[0]! += taken;
          register[1]! += given;
          const entry = {
            meter,
            import: register[0]!,
            export: register[1]!,
            intervalImport: taken,
            intervalExport: given,
          };
          return { ...entry, estimated: i === 4 };
        }),
      );
      this.ledger.anchor(proofs);
      for (const proof of proofs) this.proofs.set(`${proof.leaf.meter}/${start}`, proof);
      const { root, count, importSum, exportSum } = proofs[0]!.header;
      const number = this.blocks.length + 1;
      const hash = keccak(uint(BigInt(number), 32));
      const block: Block = {
        number,
        hash,
        time: iso(this.closed + seconds + 4),
        transactions: number % 3,
        gasUsed: 73_900 + number,
      };
      const kind = number % 9 === 0 ? 'Discrepancy' : number % 7 === 0 ? 'Unbalanced' : 'Balanced';
      const anchor: Anchor = {
        microgrid: 1,
        start: iso(this.closed),
        minutes,
        version: number % 11 === 0 ? 2 : 1,
        root,
        count: Number(count),
        importMwh: importSum.toString(),
        exportMwh: exportSum.toString(),
        status: 'anchored',
        reason: null,
        block: number,
        transaction: hash,
        balance: kind,
        missingMwh: kind === 'Discrepancy' ? '812345' : null,
      };
      this.blocks.unshift(block);
      this.anchors.unshift(anchor);
      this.say('block', block);
      this.say('anchor', anchor);
    }
  }
}

const notFound: Problem = { type: 'urn:busbar:problem:NotFound', title: 'Not found', status: 404, code: 'NotFound' };
const well: Health = { well: true, trouble: null, damagedJournals: [], blockedAnchors: [], refusedAnchors: [] };

function page<T>(rows: T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  return { items, next: items.length === limit ? cursorOf(items.at(-1)!) : null };
}

const zero = `0x${'0'.repeat(40)}`;

function send(response: ServerResponse, body: unknown, status = 200): true {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
  return true;
}
