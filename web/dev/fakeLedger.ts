import * as anchors from 'virtual:contract/Anchors';
import { isLeafAt } from 'virtual:contract/Meters';
import { encodeCall, type AbiFunction } from '../src/proof/abi';
import { toHex, uint, type Hex } from '../src/proof/bytes';
import { commitmentTo, verifyCall } from '../src/proof/contract';
import type { Proof } from '../src/proof/document';
import { Ledger } from '../src/proof/rpc';
import { anchorsContract, chainId, metersContract, minutes } from './fakeCommunity';

/** Answers the calls that a verification makes, for the proofs it was given. Not a chain: a table of calls. */
export class FakeLedger {
  private readonly answers = new Map<string, Hex>();

  constructor() {
    this.put(anchorsContract, anchors.meters, [], BigInt(metersContract));
    this.put(anchorsContract, anchors.intervalSeconds, [1n], minutes * 60n);
  }

  /** Takes the proofs of one anchored version; those of the newest version come last. */
  anchor(proofs: Proof[]): void {
    for (const proof of proofs) {
      const { microgrid, start, version } = proof.header;
      this.put(anchorsContract, anchors.commitmentOf, [microgrid, start, version], BigInt(commitmentTo(proof.header)));
      this.put(anchorsContract, anchors.latestVersion, [microgrid, start], version);
      this.put(metersContract, isLeafAt, [proof.leaf.meter, microgrid, start], 1n);
      this.answers.set(`${anchorsContract}${verifyCall(proof)}`, toHex(uint(6n, 32)));
    }
  }

  /** The body of a JSON-RPC answer. An unknown call of a known contract gives a word of zero. */
  answer(request: { id: unknown; method: string; params: unknown[] }): unknown {
    const [call] = request.params as [{ to: string; data: string }?];
    const known = call !== undefined && [anchorsContract, metersContract].includes(call.to as Hex);
    const result =
      request.method === 'eth_chainId'
        ? `0x${chainId.toString(16)}`
        : (this.answers.get(`${call?.to}${call?.data}`) ?? (known ? toHex(new Uint8Array(32)) : '0x'));
    return { jsonrpc: '2.0', id: request.id, result };
  }

  /** A ledger that asks this one directly. */
  connect(): Ledger {
    return new Ledger('fake', (_, init) => {
      const request = JSON.parse(init?.body as string) as Parameters<FakeLedger['answer']>[0];
      return Promise.resolve(Response.json(this.answer(request)));
    });
  }

  private put(to: Hex, view: AbiFunction, values: unknown[], answer: bigint): void {
    this.answers.set(`${to}${encodeCall(view, values)}`, toHex(uint(answer, 32)));
  }
}
