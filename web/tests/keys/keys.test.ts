import { describe, expect, it, vi } from 'vitest';
import { addressOf, keyFromHex, signMessage } from '../../src/keys/account';
import { decryptKey, encryptKey, KeystoreError } from '../../src/keys/keystore';
import { bindingText, MadeKey } from '../../src/keys/made';
import { faultOf, keyOf, newPhrase, placesToAsk } from '../../src/keys/mnemonic';
import { fromHex, toHex } from '../../src/proof/bytes';

const junk = 'test test test test test test test test test test test junk';
const cheap = 1 << 8;

describe('phrase', () => {
  it.each([
    [junk, '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'],
    // Computed with viem 2.57.0.
    [
      'legal winner thank year wave sausage worth useful legal winner thank yellow',
      '0x58A57ed9d8d624cBD12e2C467D34787555bB1b25',
    ],
  ])('gives the account that wallets give: %s', async (phrase, address) => {
    expect(addressOf(await keyOf(phrase))).toBe(address);
  });

  it('is taken as it is written by hand', async () => {
    expect(faultOf(`  TEST  ${junk.slice(5).replaceAll(' ', '\n')} `)).toBeNull();
    expect(addressOf(await keyOf(` ${junk.toUpperCase()}\n`))).toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
  });

  it('says what is wrong with it', () => {
    expect(faultOf('')).toEqual({ fault: 'count' });
    expect(faultOf('test test')).toEqual({ fault: 'count' });
    expect(faultOf(junk.replace('junk', 'jnuk'))).toEqual({ fault: 'word', word: 'jnuk' });
    expect(faultOf(junk.replace('junk', 'test'))).toEqual({ fault: 'checksum' });
    expect(faultOf('x'.repeat(1_000_000))).toEqual({ fault: 'count' });
  });

  it('is new each time, and asked for at three different places in order', () => {
    const [one, other] = [newPhrase(), newPhrase()];
    expect(one).not.toBe(other);
    expect(faultOf(one)).toBeNull();
    for (let i = 0; i < 50; i++) {
      const places = placesToAsk(12);
      expect(new Set(places).size).toBe(3);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places.every((place) => place >= 0 && place < 12)).toBe(true);
    }
  });
});

describe('keystore', () => {
  // The test vectors of the Web3 Secret Storage Definition.
  const key = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d';
  const pbkdf2 = {
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
      ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
      kdf: 'pbkdf2',
      kdfparams: {
        c: 262144,
        dklen: 32,
        prf: 'hmac-sha256',
        salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
      },
      mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
    },
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    version: 3,
  };
  const scrypt = {
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
      ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
      kdf: 'scrypt',
      kdfparams: {
        dklen: 32,
        n: 262144,
        r: 1,
        p: 8,
        salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
      },
      mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
    },
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    version: 3,
  };

  it.each([
    ['pbkdf2', pbkdf2],
    ['scrypt', scrypt],
  ])('opens the vector of the definition: %s', { timeout: 300_000 }, async (_, file) => {
    expect(toHex(await decryptKey(file, 'testpassword'))).toBe(key);
  });

  it('opens what it locked, with the right secret alone', async () => {
    const made = await encryptKey(fromHex(key), 'सही गुप्त शब्द', cheap);
    expect(made.version).toBe(3);
    expect(made.address).toBe('008aeeda4d805471df9b2a5b0f38a0c3bcba786b');
    expect(JSON.stringify(made)).not.toContain(key.slice(2));
    expect(toHex(await decryptKey(JSON.parse(JSON.stringify(made)), 'सही गुप्त शब्द'))).toBe(key);
    await expect(decryptKey(made, 'सही गुप्त शब्')).rejects.toMatchObject({ fault: 'secret' });
    await expect(decryptKey({ ...made, address: '00'.repeat(20) }, 'सही गुप्त शब्द')).rejects.toMatchObject({
      fault: 'address',
    });
  });

  it('locks the same key differently each time', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => encryptKey(fromHex(key), 'a secret of mine', cheap)));
    expect(one!.crypto.ciphertext).not.toBe(other!.crypto.ciphertext);
    expect(one!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each([
    ['nothing', null],
    ['another version', { ...scrypt, version: 1 }],
    ['another cipher', { ...scrypt, crypto: { ...scrypt.crypto, cipher: 'aes-256-gcm' } }],
    [
      'memory without measure',
      { ...scrypt, crypto: { ...scrypt.crypto, kdfparams: { ...scrypt.crypto.kdfparams, n: 1 << 30 } } },
    ],
    [
      'a cost that is no power of two',
      { ...scrypt, crypto: { ...scrypt.crypto, kdfparams: { ...scrypt.crypto.kdfparams, n: 1000 } } },
    ],
    [
      'a salt that is no text',
      { ...scrypt, crypto: { ...scrypt.crypto, kdfparams: { ...scrypt.crypto.kdfparams, salt: 7 } } },
    ],
  ])('refuses %s', async (_, file) => {
    await expect(decryptKey(file, 'testpassword')).rejects.toBeInstanceOf(KeystoreError);
    await expect(decryptKey(file, 'testpassword')).rejects.toMatchObject({ fault: 'format' });
  });
});

describe('message', () => {
  it('is signed as other libraries do (viem 2.57.0)', () => {
    const key = keyFromHex('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')!;
    expect(signMessage('नमस्ते, Busbar\nNonce: 12345678', key)).toBe(
      '0x7de7ee61a748893b07d8b69b861b23fb1f4761d714a5cdb4e4a7f35ad98ecc9a40a77a9734a816f2963a1940c16f13e60dbd76b02686417be6c84e3c42fecbe41b',
    );
  });

  it('binds a key to an account without showing the key', async () => {
    const key = await keyOf(junk);
    const sent = vi.fn();
    const made = new MadeKey(key.slice(), await encryptKey(key, 'a secret of mine', cheap));
    sent(JSON.stringify(made.bind({ domain: 'node.local', nonce: '0123456789abcdef' })));
    const body = sent.mock.calls[0]![0] as string;
    expect(body).not.toContain(toHex(key).slice(2));
    expect(body).toContain('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
    expect(bindingText('node.local', made.address, '01')).toBe(
      'node.local: bind this key to a Busbar account.\nAddress: 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\nNonce: 01',
    );
  });
});

describe('key as text', () => {
  it.each(['', '0x', `0x${'0'.repeat(64)}`, `0x${'f'.repeat(64)}`, 'zz'])('refuses %s', (text) => {
    expect(keyFromHex(text)).toBeNull();
  });
});
