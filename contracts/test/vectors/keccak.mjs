// keccak-256 straight from the Keccak reference, written apart from every implementation that the vectors test.
const mask = (1n << 64n) - 1n;
const rotate = (x, n) => (n === 0n ? x : ((x << n) | (x >> (64n - n))) & mask);

const constants = [];
for (let round = 0, register = 1; round < 24; round++) {
  let constant = 0n;
  for (let j = 0n; j < 7n; j++) {
    if (register & 1) constant |= 1n << ((1n << j) - 1n);
    register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
  }
  constants.push(constant);
}

function permute(a) {
  for (const constant of constants) {
    const c = [0, 1, 2, 3, 4].map((x) => a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]);
    for (let i = 0; i < 25; i++) a[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1n);
    const b = Array(25);
    b[0] = a[0];
    for (let t = 0, x = 1, y = 0; t < 24; t++) {
      const [nextX, nextY] = [y, (2 * x + 3 * y) % 5];
      b[nextX + 5 * nextY] = rotate(a[x + 5 * y], BigInt((((t + 1) * (t + 2)) / 2) % 64));
      [x, y] = [nextX, nextY];
    }
    for (let y = 0; y < 25; y += 5) {
      for (let x = 0; x < 5; x++) a[y + x] = b[y + x] ^ (~b[y + ((x + 1) % 5)] & mask & b[y + ((x + 2) % 5)]);
    }
    a[0] ^= constant;
  }
}

export function keccak256(bytes) {
  const rate = 136;
  const padded = Buffer.alloc((Math.floor(bytes.length / rate) + 1) * rate);
  bytes.copy(padded);
  padded[bytes.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const state = Array(25).fill(0n);
  for (let at = 0; at < padded.length; at += rate) {
    for (let lane = 0; lane < rate / 8; lane++) state[lane] ^= padded.readBigUInt64LE(at + lane * 8);
    permute(state);
  }
  const out = Buffer.alloc(32);
  for (let lane = 0; lane < 4; lane++) out.writeBigUInt64LE(state[lane], lane * 8);
  return out;
}
