import type { Text } from '../text/en';
import { zeroHash, type Hex } from './bytes';
import { commitmentTo, Contracts } from './contract';
import { DocumentError, readProof, type Proof } from './document';
import { readingDigest, recoverSigner } from './reading';
import { LedgerError, type Ledger } from './rpc';
import { climb, leafHash } from './tree';

export type StepId = Exclude<keyof Text['steps'], 'unreached'>;

/**
 * What a step came to. `idle`: nothing to check here (an estimate has no signature). `unreached`: the ledger could not be
 * asked, so nothing is known.
 */
export type Outcome = 'pass' | 'fail' | 'idle' | 'unreached';

export interface Step {
  id: StepId;
  outcome: Outcome;
  /** The finding in the reader's language. */
  say: (text: Text) => string;
  /** What was compared, for who wants to see it. */
  values: Record<string, string>;
}

/** What the reader trusts and asks for; everything else comes from the document and the ledger. */
export interface Question {
  /** Address of the Anchors contract that the reader trusts. */
  anchors: string;
  /** House and interval that were asked for; absent when a document was opened. */
  asked?: { meter: string; start: bigint };
}

export type Verdict = 'pass' | 'fail' | 'undecided';

const estimatedFlag = 256n;
const validVerdict = 6n;

/** The verdict over steps: one that failed decides; one that the ledger was not reached for leaves it open. */
export function verdictOf(steps: readonly Step[]): Verdict {
  if (steps.some((step) => step.outcome === 'fail')) return 'fail';
  return steps.length === 0 || steps.some((step) => step.outcome === 'unreached') ? 'undecided' : 'pass';
}

/**
 * Checks a document from the ledger alone, step by step, in the order in which a reader can follow it. Trusts neither the
 * document nor the node that gave it. A document that cannot be read gives one failed step.
 */
export async function* verify(json: unknown, ledger: Ledger, question: Question): AsyncGenerator<Step> {
  let proof: Proof;
  try {
    proof = readProof(json);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    yield step('document', 'fail', (text) => text.steps.document.fail(error.message));
    return;
  }
  yield step('document', 'pass', (text) => text.steps.document.pass);
  if (question.asked !== undefined) yield checkAsked(proof, question.asked);
  yield* checkReading(proof);
  yield* checkTree(proof);
  yield* checkLedger(proof, ledger, question);
}

function checkAsked(proof: Proof, asked: { meter: string; start: bigint }): Step {
  const same = proof.leaf.meter === asked.meter.toLowerCase() && proof.start === asked.start;
  return step('asked', same ? 'pass' : 'fail', (text) => (same ? text.steps.asked.pass : text.steps.asked.fail));
}

function* checkReading(proof: Proof): Generator<Step> {
  const { leaf, reading } = proof;
  const estimated = (leaf.flags & estimatedFlag) !== 0n;
  if (reading === null || estimated) {
    const fault = !estimated
      ? 'unsigned'
      : reading !== null || leaf.readingDigest !== zeroHash
        ? 'contradiction'
        : undefined;
    yield step('digest', fault ? 'fail' : 'pass', (text) => text.steps.digest[fault ?? 'estimated']);
    yield step('signature', fault ? 'fail' : 'idle', (text) => text.steps.signature[fault ? 'malformed' : 'none']);
    return;
  }

  const digest = readingDigest(proof, reading);
  const fault =
    digest !== leaf.readingDigest
      ? 'fail'
      : reading.flags !== (leaf.flags & 0xffn)
        ? 'flags'
        : reading.instant !== proof.start + proof.minutes * 60n
          ? 'instant'
          : undefined;
  yield step('digest', fault ? 'fail' : 'pass', (text) => text.steps.digest[fault ?? 'pass'], {
    computed: digest,
    leaf: leaf.readingDigest,
  });

  const signer = recoverSigner(digest, reading.signature);
  yield step(
    'signature',
    signer === leaf.meter ? 'pass' : 'fail',
    ({ steps: { signature } }) =>
      signer === leaf.meter ? signature.pass : signer === null ? signature.malformed : signature.fail(signer),
    { signer: signer ?? '–', meter: leaf.meter },
  );
}

function* checkTree(proof: Proof): Generator<Step> {
  const { header } = proof;
  const climbed = climb(proof.leaf, proof.index, header.count, proof.siblings);
  const hash = leafHash(proof.leaf);
  if (climbed.kind !== 'root') {
    yield step('path', 'fail', (text) => text.steps.path[climbed.kind], { leaf: hash, header: header.root });
    yield step('sums', 'idle', (text) => text.steps.sums.none);
    return;
  }

  const { root } = climbed;
  const leads = root.hash === header.root;
  yield step(
    'path',
    leads ? 'pass' : 'fail',
    ({ steps: { path } }) => (leads ? path.pass(header.count.toString()) : path.fail),
    { leaf: hash, computed: root.hash, header: header.root },
  );
  const adds = root.import === header.importSum && root.export === header.exportSum;
  yield step('sums', adds ? 'pass' : 'fail', ({ steps: { sums } }) => (adds ? sums.pass : sums.fail), {
    computed: `${root.import} / ${root.export} mWh`,
    header: `${header.importSum} / ${header.exportSum} mWh`,
  });
}

async function* checkLedger(proof: Proof, ledger: Ledger, question: Question): AsyncGenerator<Step> {
  // The trusted contract is asked, never the one that the document would like to be asked.
  const contracts = new Contracts(ledger, question.anchors.toLowerCase() as Hex);
  yield await reach('chain', async () => {
    const chain = await ledger.chainId();
    return step('chain', chain === proof.chainId ? 'pass' : 'fail', ({ steps }) =>
      chain === proof.chainId
        ? steps.chain.pass(chain.toString())
        : steps.chain.fail(chain.toString(), proof.chainId.toString()),
    );
  });
  yield await reach('contract', () => checkContract(proof, contracts, question.anchors));
  yield await reach('interval', () => checkInterval(proof, contracts));
  yield await reach('registered', async () => {
    const known = await contracts.isLeafAt(proof.meters, proof.leaf.meter, proof.header.microgrid, proof.header.start);
    return step('registered', known ? 'pass' : 'fail', ({ steps }) => steps.registered[known ? 'pass' : 'fail'], {
      meter: proof.leaf.meter,
    });
  });
  yield await reach('commitment', () => checkCommitment(proof, contracts));
  yield await reach('contractSays', async () => {
    const verdict = await contracts.verdict(proof);
    return step('contractSays', verdict === validVerdict ? 'pass' : 'fail', ({ steps: { contractSays } }) =>
      verdict === validVerdict
        ? contractSays.pass
        : contractSays.fail(contractSays.verdicts[Number(verdict)] ?? contractSays.unknown),
    );
  });
}

async function checkContract(proof: Proof, contracts: Contracts, trusted: string): Promise<Step> {
  const values = { proof: proof.anchors, trusted: trusted.toLowerCase() };
  if (proof.anchors !== values.trusted)
    return step('contract', 'fail', (text) => text.steps.contract.other(proof.anchors), values);
  const meters = await contracts.meters();
  if (meters === null) return step('contract', 'fail', (text) => text.steps.contract.none, values);
  return meters === proof.meters
    ? step('contract', 'pass', (text) => text.steps.contract.pass, values)
    : step('contract', 'fail', (text) => text.steps.contract.meters(meters), values);
}

async function checkInterval(proof: Proof, contracts: Contracts): Promise<Step> {
  const { header } = proof;
  if (header.microgrid !== proof.microgrid || header.start !== proof.start || header.version !== proof.version)
    return step('interval', 'fail', (text) => text.steps.interval.fail);
  const minutes = (await contracts.intervalSeconds(header.microgrid)) / 60n;
  return minutes === proof.minutes
    ? step('interval', 'pass', (text) => text.steps.interval.pass)
    : step('interval', 'fail', (text) => text.steps.interval.length(minutes.toString()));
}

async function checkCommitment(proof: Proof, contracts: Contracts): Promise<Step> {
  const { header } = proof;
  const [held, latest] = await Promise.all([
    contracts.commitmentOf(header),
    contracts.latestVersion(header.microgrid, header.start),
  ]);
  const computed = commitmentTo(header);
  const values = { computed, ledger: held };
  if (held === zeroHash) return step('commitment', 'fail', (text) => text.steps.commitment.none, values);
  if (held !== computed) return step('commitment', 'fail', (text) => text.steps.commitment.fail, values);
  return step(
    'commitment',
    'pass',
    ({ steps: { commitment } }) =>
      latest > header.version ? commitment.superseded(latest.toString()) : commitment.pass,
    values,
  );
}

/** Runs a step that asks the ledger; a ledger that does not answer leaves it undecided, with the reason. */
async function reach(id: StepId, check: () => Promise<Step>): Promise<Step> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return step(id, 'unreached', (text) => text.steps.unreached(error.message));
  }
}

function step(id: StepId, outcome: Outcome, say: Step['say'], values: Record<string, string> = {}): Step {
  return { id, outcome, say, values };
}
