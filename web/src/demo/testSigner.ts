import { sameHex } from '../format/hex';
import { addressOf, keyFromHex, signMessage } from '../keys/account';
import { fromHex, type Hex } from '../proof/bytes';
import { Chain } from '../signing/chain';
import { signTransaction } from '../signing/transaction';

/** What a wallet refuses with (EIP-1193, EIP-3326, EIP-1474). */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const unauthorised = 4100;
const unsupported = 4200;
const unknownChain = 4902;
const invalid = -32602;

/** Does what a wallet does, with a key that everybody knows: of the methods of EIP-1193 those that the page uses, on one chain. */
export class TestSigner {
  private readonly key: Uint8Array;
  private readonly address: Hex;

  constructor(
    key: string,
    private readonly chainId: bigint,
    private readonly chain = new Chain(),
  ) {
    const bytes = keyFromHex(key);
    if (bytes === null) throw new Refusal(unauthorised, 'the test wallet has no usable key');
    this.key = bytes;
    this.address = addressOf(bytes);
  }

  async answer(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case 'eth_requestAccounts':
      case 'eth_accounts':
        return [this.address];
      case 'eth_chainId':
        return `0x${this.chainId.toString(16)}`;
      case 'wallet_switchEthereumChain':
        throw new Refusal(unknownChain, 'a test wallet knows its own chain alone');
      case 'personal_sign':
        return this.sign(text(params[0]), text(params[1]));
      case 'eth_sendTransaction':
        return this.send((params[0] ?? {}) as Record<string, unknown>);
      default:
        throw new Refusal(unsupported, `a test wallet has no ${method}`);
    }
  }

  private sign(data: string, signer: string): Hex {
    this.requireOwn(signer);
    return signMessage(new TextDecoder('utf-8', { fatal: true }).decode(fromHex(hex(data))), this.key);
  }

  private async send(asked: Record<string, unknown>): Promise<Hex> {
    this.requireOwn(text(asked['from']));
    // A chain that only answers by this number must not get what was signed for another one.
    if ((await this.chain.chainId()) !== this.chainId) throw new Refusal(unknownChain, 'the node is on another chain');
    const [nonce, fees] = await Promise.all([this.chain.nonceOf(this.address), this.chain.fees()]);
    return this.chain.send(
      signTransaction(
        {
          chainId: this.chainId,
          nonce,
          gas: BigInt(text(asked['gas'])),
          to: hex(text(asked['to'])),
          data: hex(text(asked['data'])),
          value: BigInt(text(asked['value'] ?? '0x0')),
          maxFeePerGas: fees.most,
          maxPriorityFeePerGas: fees.tip,
        },
        this.key,
      ),
    );
  }

  private requireOwn(address: string): void {
    if (!sameHex(address, this.address)) throw new Refusal(unauthorised, `this is not the wallet of ${address}`);
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Refusal(invalid, 'text is missing');
  return value;
}

function hex(value: string): Hex {
  if (!/^0x([0-9a-f]{2})*$/i.test(value)) throw new Refusal(invalid, 'hexadecimal text is missing');
  return value as Hex;
}
