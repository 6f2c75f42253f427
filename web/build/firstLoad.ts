import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Says how much a reader loads at first, compressed: the page, its code and styles, and those of the screen that opens, in the
 * language that costs more. Fails the build above the limit.
 */
export function firstLoad(limit: number, lazy: readonly RegExp[]): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const wanted = new Set<string>();
        const add = (fileName: string) => {
          const part = bundle[fileName];
          if (part === undefined || wanted.has(fileName)) return;
          wanted.add(fileName);
          if (part.type !== 'chunk') return;
          part.imports.forEach(add);
          part.viteMetadata?.importedCss.forEach(add);
        };
        for (const part of Object.values(bundle)) {
          const entry = part.type === 'chunk' && part.isEntry && part.name !== 'sw';
          if (entry || part.fileName === 'index.html' || lazy.some((name) => name.test(part.fileName)))
            add(part.fileName);
        }
        const parts = [...wanted].map((fileName) => {
          const part = bundle[fileName]!;
          return gzipSync(part.type === 'chunk' ? part.code : part.source).length;
        });
        const total = parts.reduce((sum, size) => sum + size, 0);
        const said = `first load ${(total / 1024).toFixed(1)} KB compressed in ${wanted.size} files (limit ${limit / 1024} KB)`;
        if (total > limit) this.error(said);
        console.log(said);
      },
    },
  };
}
