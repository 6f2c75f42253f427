import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plugin } from 'vite';

/** Writes the list of all files of the build into the service worker, which is an entry named `sw`. */
export function serviceWorker(publicFolder: URL): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: 'index.html', sw: 'src/worker/sw.ts' },
          output: {
            entryFileNames: (chunk: { name: string }) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
          },
        },
      },
    }),
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = Object.values(bundle).find((part) => part.fileName === 'sw.js');
        if (worker?.type !== 'chunk') this.error('the service worker is missing');
        if (worker.imports.length > 0) this.error('the service worker shares code with the page; it must stand alone');
        const built = Object.values(bundle).filter(
          (part) => part !== worker && part.fileName !== 'index.html' && !part.fileName.endsWith('.map'),
        );
        const fixed = filesIn(publicFolder);
        const hash = createHash('sha256');
        for (const part of [...built].sort((a, b) => (a.fileName < b.fileName ? -1 : 1))) hash.update(part.fileName);
        for (const page of Object.values(bundle)) {
          if (page.fileName === 'index.html' && page.type === 'asset') hash.update(page.source);
        }
        for (const { content } of fixed) hash.update(content);
        hash.update(worker.code);
        const files = [...built.map((part) => part.fileName), ...fixed.map((file) => file.name)].sort();
        const shell = JSON.stringify({ version: hash.digest('hex').slice(0, 12), files });
        worker.code = worker.code.replace('__SHELL__', () => shell);
      },
    },
  };
}

function filesIn(folder: URL): { name: string; content: Buffer }[] {
  const root = folder.pathname;
  return (readdirSync(root, { recursive: true }) as string[])
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ name: relative(root, path), content: readFileSync(path) }));
}
