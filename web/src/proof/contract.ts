import * as anchors from 'virtual:contract/Anchors';
import { isLeafAt } from 'virtual:contract/Meters';
import { encode, encodeCall, type AbiFunction } from './abi';
import { keccak, type Hex } from './bytes';
import type { Header, Leaf, Proof } from './document';
import { LedgerError, type Ledger } from './rpc';

/** The fingerprint under which the ledger holds a header: keccak(abi.encode(header)). */
export function commitmentTo(header: Header): Hex {
  return keccak(encode(anchors.isAnchored.inputs, [header]));
}

/** The call that asks the contract to check the whole proof by itself: with the reading, or the leaf alone when estimated. */
export function verifyCall(proof: Proof): Hex {
  const { header, leaf, reading, index } = proof;
  const siblings = proof.siblings.map((node) => ({ hash: node.hash, importSum: node.import, exportSum: node.export }));
  if (reading === null) return encodeCall(anchors.verifyLeaf, [header, contractLeaf(leaf), index, siblings]);
  const { boot, sequence, instant, firmware, flags } = reading;
  const registers = { importRegister: leaf.import, exportRegister: leaf.export, bands: leaf.bands };
  const { intervalImport, intervalExport, salt } = leaf;
  return encodeCall(anchors.verify, [
    header,
    { meter: leaf.meter, boot, sequence, instant, ...registers, firmware, flags },
    reading.signature,
    { intervalImport, intervalExport, flags: leaf.flags, salt },
    index,
    siblings,
  ]);
}

function contractLeaf(leaf: Leaf): unknown {
  const { import: importRegister, export: exportRegister, readingDigest: digest, ...rest } = leaf;
  return { ...rest, importRegister, exportRegister, digest };
}

/** The views of the two contracts that a verification asks for. An address without that contract gives null. */
export class Contracts {
  constructor(
    private readonly ledger: Ledger,
    private readonly anchors: Hex,
  ) {}

  async meters(): Promise<Hex | null> {
    const word = await this.ask(this.anchors, anchors.meters, []);
    return word === null ? null : `0x${word.slice(26)}`;
  }

  async intervalSeconds(microgrid: bigint): Promise<bigint> {
    return BigInt(await this.need(this.anchors, anchors.intervalSeconds, [microgrid]));
  }

  async latestVersion(microgrid: bigint, start: bigint): Promise<bigint> {
    return BigInt(await this.need(this.anchors, anchors.latestVersion, [microgrid, start]));
  }

  commitmentOf(header: Header): Promise<Hex> {
    return this.need(this.anchors, anchors.commitmentOf, [header.microgrid, header.start, header.version]);
  }

  async isLeafAt(meters: Hex, meter: Hex, microgrid: bigint, start: bigint): Promise<boolean> {
    return BigInt(await this.need(meters, isLeafAt, [meter, microgrid, start])) === 1n;
  }

  /** The contract's verdict: its number in the `Verdict` enum. */
  async verdict(proof: Proof): Promise<bigint> {
    return BigInt(firstWord(await this.ledger.call(this.anchors, verifyCall(proof))));
  }

  private async ask(to: Hex, view: AbiFunction, values: unknown[]): Promise<Hex | null> {
    const answer = await this.ledger.call(to, encodeCall(view, values));
    return answer === '0x' ? null : firstWord(answer);
  }

  private async need(to: Hex, view: AbiFunction, values: unknown[]): Promise<Hex> {
    return firstWord(await this.ledger.call(to, encodeCall(view, values)));
  }
}

function firstWord(answer: Hex): Hex {
  if (answer.length !== 66) throw new LedgerError('there is no such contract at this address');
  return answer;
}
