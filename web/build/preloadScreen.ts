import type { HtmlTagDescriptor, Plugin } from 'vite';

/**
 * Names the screen that opens first in the page's head: its parts come with the frame's and not in a second round after it, which a slow
 * line would make a third of the wait for the first figure.
 */
export function preloadScreen(screen: RegExp): Plugin {
  return {
    name: 'preload-screen',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const wanted = new Map<string, HtmlTagDescriptor>();
        const add = (fileName: string, rel: 'modulepreload' | 'stylesheet') => {
          const href = `/${fileName}`;
          if (wanted.has(href)) return;
          if (!html.includes(href))
            wanted.set(href, { tag: 'link', attrs: { rel, crossorigin: true, href }, injectTo: 'head' });
          const part = bundle[fileName];
          if (part?.type !== 'chunk') return;
          part.imports.forEach((name) => add(name, 'modulepreload'));
          part.viteMetadata?.importedCss.forEach((name) => add(name, 'stylesheet'));
        };
        const found = Object.keys(bundle).filter((name) => screen.test(name) && name.endsWith('.js'));
        if (found.length !== 1) throw new Error(`${found.length} parts are ${screen}`);
        found.forEach((name) => add(name, 'modulepreload'));
        return [...wanted.values()];
      },
    },
  };
}
