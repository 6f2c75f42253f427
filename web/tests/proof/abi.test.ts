import * as anchors from 'virtual:contract/Anchors';
import { describe, expect, it } from 'vitest';
import { documentOf, fakeInterval, fakeMeter } from '../../dev/fakeCommunity';
import { AbiError, encode, encodeCall, signatureOf, type Parameter } from '../../src/proof/abi';
import { keccak, fromHex, toHex } from '../../src/proof/bytes';
import { commitmentTo, verifyCall } from '../../src/proof/contract';
import { readProof } from '../../src/proof/document';

const parameter = (type: string, components?: Parameter[]): Parameter => ({
  name: 'value',
  type,
  ...(components && { components }),
});

/** A proof of fixed content: what is expected of it below was computed with viem 2.57.0. */
function proofOf(estimated: boolean) {
  const entries = ['a', 'b', 'c'].map((name, i) => ({
    meter: fakeMeter(name),
    import: 1_000_000n + BigInt(i),
    export: 500n,
    intervalImport: 100n + BigInt(i),
    intervalExport: BigInt(i),
    estimated,
  }));
  return readProof(documentOf(fakeInterval(1_700_000_100n, 1n, entries)[0]!));
}

describe('encode', () => {
  it('writes static values in place and dynamic ones behind an offset', () => {
    // The example of the Solidity documentation: f(uint256,uint32[],bytes10,bytes).
    const data = encode(
      ['uint256', 'uint32[]', 'bytes10', 'bytes'].map((type) => parameter(type)),
      [0x123n, [0x456n, 0x789n], '0x31323334353637383930', '0x48656c6c6f2c20776f726c6421'],
    );
    expect(toHex(data)).toBe(
      '0x' +
        '0000000000000000000000000000000000000000000000000000000000000123' +
        '0000000000000000000000000000000000000000000000000000000000000080' +
        '3132333435363738393000000000000000000000000000000000000000000000' +
        '00000000000000000000000000000000000000000000000000000000000000e0' +
        '0000000000000000000000000000000000000000000000000000000000000002' +
        '0000000000000000000000000000000000000000000000000000000000000456' +
        '0000000000000000000000000000000000000000000000000000000000000789' +
        '000000000000000000000000000000000000000000000000000000000000000d' +
        '48656c6c6f2c20776f726c642100000000000000000000000000000000000000',
    );
  });

  it('encodes the calls of a verification as other libraries do', () => {
    expect(commitmentTo(proofOf(false).header)).toBe(
      '0x1d35760578c1335caa079857b569503308df0ac4496048cf706e79dbfd4657f9',
    );
    expect(keccak(fromHex(verifyCall(proofOf(false))))).toBe(
      '0xed3c4a640f46bb4c329d6a0bb73a268d83cb7c12fe992f2afff658ccf77d439b',
    );
    expect(keccak(fromHex(verifyCall(proofOf(true))))).toBe(
      '0x8e80c4a49493980760ac31117c39522dca134f1918b4e00efef3d1dea832f4f3',
    );
    expect(encodeCall(anchors.commitmentOf, [1n, 1_700_000_100n, 2n])).toBe(
      '0xdfb03e510000000000000000000000000000000000000000000000000000000000000001000000000000000000000000000000000000000000000000000000006553f1640000000000000000000000000000000000000000000000000000000000000002',
    );
  });

  it.each([
    ['uint8', 256n],
    ['uint64', -1n],
    ['uint64', '0x1'],
    ['uint64', undefined],
    ['bytes32', '0x00'],
    ['address', '0x'],
    ['bool', 1],
    ['uint64[2]', [1n]],
    ['uint64[]', 1n],
    ['tuple', null],
  ])('refuses what is no %s: %s', (type, value) => {
    expect(() => encode([parameter(type, [])], [value])).toThrow(AbiError);
  });

  it('refuses a tuple without one of its fields', () => {
    expect(() => encode([parameter('tuple', [parameter('uint8')])], [{ other: 1n }])).toThrow('value.value');
  });

  it('writes out tuples in a signature', () => {
    const inputs = [parameter('tuple[]', [parameter('bytes32'), parameter('uint64[4]')])];
    expect(signatureOf({ name: 'f', inputs, outputs: [] })).toBe('f((bytes32,uint64[4])[])');
  });
});
