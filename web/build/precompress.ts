import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(css|html|js|svg|webmanifest)$/;

/**
 * Writes `name.br` and `name.gz` beside each file of the build where that spares something, as small as they get: the node
 * serves them as they are, to whoever takes them.
 */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir }) {
        if (dir === undefined) this.error('the build has no folder');
        for (const name of readdirSync(dir, { recursive: true }) as string[]) {
          const path = join(dir, name);
          if (compressible.test(name) && statSync(path).isFile()) compress(path);
        }
      },
    },
  };
}

function compress(path: string): void {
  const plain = readFileSync(path);
  const brotli = brotliCompressSync(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  const gzip = gzipSync(plain, { level: 9 });
  if (brotli.length < plain.length) writeFileSync(`${path}.br`, brotli);
  // The node tells forms of a file apart by their lengths.
  if (gzip.length < plain.length && gzip.length !== brotli.length) writeFileSync(`${path}.gz`, gzip);
}
