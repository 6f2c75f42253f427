import { describe, expect, it } from 'vitest';
import { isCode, isName, isPassword } from '../../src/session/rules';
import { base64, bytes } from '../../src/session/webauthn';

describe('what a form takes', () => {
  it.each([
    ['ABCD-EFGH-JKMN-PQRS', true],
    ['abcd efgh jkmn pqrs', true],
    ['OOOO-IIII-LLLL-1234', true],
    ['ABCD-EFGH-JKMN-PQR', false],
    ['ABCD-EFGH-JKMN-PQRU', false],
    ['', false],
  ])('code %s', (text, taken) => expect(isCode(text)).toBe(taken));

  it.each([
    ['asha', true],
    ['आशा देवी', true],
    ['House 7', true],
    ['a', false],
    ['0xabc', false],
    ['two  spaces', false],
    [' begins', false],
    ['ends.', false],
    ['a@b', false],
    ['x'.repeat(65), false],
  ])('name %s', (text, taken) => expect(isName(text)).toBe(taken));

  it('password', () => {
    expect([isPassword('123456789'), isPassword('1234567890'), isPassword('x'.repeat(257))]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('base64url', () => {
  it('goes there and back', () => {
    for (let length = 0; length < 40; length++) {
      const value = Uint8Array.from({ length }, (_, i) => (i * 151 + 63) & 255);
      expect([...bytes(base64(value))]).toEqual([...value]);
      expect(base64(value)).not.toMatch(/[+/=]/);
    }
  });
});
