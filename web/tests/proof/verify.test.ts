import { describe, expect, it } from 'vitest';
import { anchorsContract, documentOf, fakeInterval, fakeMeter } from '../../dev/fakeCommunity';
import { FakeLedger } from '../../dev/fakeLedger';
import { Ledger } from '../../src/proof/rpc';
import { verdictOf, verify, type Step } from '../../src/proof/verify';

const start = 1_700_000_100n;

function community() {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const proofs = fakeInterval(
    start,
    1n,
    names.map((name, i) => ({
      meter: fakeMeter(name),
      import: 1_000_000n + BigInt(i),
      export: 500n,
      intervalImport: 100n + BigInt(i),
      intervalExport: BigInt(i),
      estimated: name === 'd',
    })),
  );
  const ledger = new FakeLedger();
  ledger.anchor(proofs);
  return { proofs, ledger };
}

async function run(document: unknown, ledger: Ledger, asked?: { meter: string; start: bigint }): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const step of verify(document, ledger, { anchors: anchorsContract, ...(asked && { asked }) }))
    steps.push(step);
  return steps;
}

const failedOf = (steps: Step[]) => steps.filter((step) => step.outcome === 'fail').map((step) => step.id);

describe('verify', () => {
  it('passes every leaf of a tree, signed and estimated', async () => {
    const { proofs, ledger } = community();
    for (const proof of proofs) {
      const steps = await run(documentOf(proof), ledger.connect(), { meter: proof.leaf.meter, start });
      expect(failedOf(steps)).toEqual([]);
      expect(verdictOf(steps)).toBe('pass');
    }
  });

  /* eslint-disable-next-line */
  const tampered: [string, (document: any, others: any[]) => void, string[]][] = [
    ['register', (d) => (d.leaf.import = '1000001'), ['digest', 'signature', 'path', 'contractSays']],
    ['interval energy', (d) => (d.leaf.intervalImport = '101'), ['path', 'sums', 'contractSays']],
    ['salt', (d) => (d.leaf.salt = d.header.root), ['path', 'contractSays']],
    ['sequence', (d) => (d.reading.sequence = '1'), ['digest', 'signature', 'contractSays']],
    ['signature of another', (d, o) => (d.reading.signature = o[1].reading.signature), ['signature', 'contractSays']],
    [
      'signature v',
      (d) => (d.reading.signature = d.reading.signature.slice(0, -2) + '1d'),
      ['signature', 'contractSays'],
    ],
    ['sibling hash', (d) => (d.siblings[0].hash = d.header.root), ['path', 'contractSays']],
    ['sibling sum', (d) => (d.siblings[1].import = '1'), ['path', 'sums', 'contractSays']],
    ['sibling missing', (d) => d.siblings.pop(), ['path', 'contractSays']],
    ['sibling too many', (d) => d.siblings.push(d.siblings[0]), ['path', 'contractSays']],
    ['index', (d) => (d.index = 1), ['path', 'contractSays']],
    ['index outside', (d) => (d.index = 5), ['path', 'contractSays']],
    ['count', (d) => (d.header.count = 6), ['commitment', 'contractSays']],
    ['total', (d) => (d.header.importSum = '1'), ['sums', 'commitment', 'contractSays']],
    ['root', (d) => (d.header.root = d.leaf.salt), ['path', 'commitment', 'contractSays']],
    ['version', (d) => (d.version = d.header.version = 2), ['commitment', 'contractSays']],
    ['header version alone', (d) => (d.header.version = 2), ['interval', 'commitment', 'contractSays']],
    ['length', (d) => (d.minutes = 30), ['digest', 'interval']],
    ['flags', (d) => (d.leaf.flags = 3), ['digest', 'path', 'contractSays']],
    ['signed called estimated', (d) => (d.leaf.flags = 257), ['digest', 'signature', 'path', 'contractSays']],
    ['reading left out', (d) => (d.reading = null), ['digest', 'signature', 'contractSays']],
    ['chain', (d) => (d.chainId = '1'), ['digest', 'signature', 'chain']],
    ['own contract', (d) => (d.anchors = d.leaf.meter), ['contract']],
    ['own register of meters', (d) => (d.meters = d.leaf.meter), ['digest', 'signature', 'contract']],
  ];

  it.each(tampered)('names the steps that fail: %s', async (_, change, failing) => {
    const { proofs, ledger } = community();
    const documents = proofs.map(documentOf);
    change(documents[0], documents);
    const steps = await run(documents[0], ledger.connect());
    expect(verdictOf(steps)).toBe('fail');
    expect(failedOf(steps)).toEqual(failing);
  });

  it('fails when the node gives the proof of another house', async () => {
    const { proofs, ledger } = community();
    const steps = await run(documentOf(proofs[0]!), ledger.connect(), { meter: proofs[1]!.leaf.meter, start });
    expect(failedOf(steps)).toEqual(['asked']);
  });

  it('says that a later version exists, and passes', async () => {
    const { proofs, ledger } = community();
    ledger.anchor(
      fakeInterval(start, 2n, [
        { meter: fakeMeter('a'), import: 1n, export: 0n, intervalImport: 1n, intervalExport: 0n },
      ]),
    );
    const steps = await run(documentOf(proofs[0]!), ledger.connect());
    expect(verdictOf(steps)).toBe('pass');
    const { en } = await import('../../src/text/en');
    expect(steps.find((step) => step.id === 'commitment')?.say(en)).toContain('later version');
  });

  it('leaves it undecided when the ledger does not answer', async () => {
    const { proofs } = community();
    const dead = new Ledger('http://nowhere', () => Promise.reject(new TypeError('down')));
    const steps = await run(documentOf(proofs[0]!), dead);
    expect(verdictOf(steps)).toBe('undecided');
    expect(steps.filter((step) => step.outcome === 'unreached')).toHaveLength(6);
  });

  it('decides against a tampered proof even when the ledger does not answer', async () => {
    const { proofs } = community();
    const document = documentOf(proofs[0]!) as { leaf: { import: string } };
    document.leaf.import = '7';
    const dead = new Ledger('http://nowhere', () => Promise.reject(new TypeError('down')));
    expect(verdictOf(await run(document, dead))).toBe('fail');
  });

  it.each([null, 7, [], {}, { format: 'busbar-proof-2' }, { format: 'busbar-proof-1', minutes: 15 }])(
    'refuses what is no proof document: %j',
    async (document) => {
      const steps = await run(document, community().ledger.connect());
      expect(steps.map((step) => [step.id, step.outcome])).toEqual([['document', 'fail']]);
    },
  );
});
