import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Connect, type Plugin, type ViteDevServer } from 'vite';
import type { FakeNode } from './fakeNode.ts';

/** What the node sends with the page; the preview is served with it too, so that a breach shows while working on a page. */
const policy =
  "default-src 'self'; connect-src 'self' http: https:; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * For development only: answers the API from a made-up community, in `npm run dev` and `npm run preview`. It is no part of
 * what is built. `BUSBAR_FAKE=empty` gives a community without meters, `private` one that shows
 * only what the caller may see.
 */
export function fakeNodePlugin(): Plugin {
  return {
    name: 'fake-node',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use(answer(server));
    },
    async configurePreviewServer(server) {
      const loader = await createServer({ server: { middlewareMode: true, ws: false } });
      server.middlewares.use((_, response, next) => {
        response.setHeader('content-security-policy', policy);
        next();
      });
      server.middlewares.use(answer(loader));
    },
  };
}

function answer(loader: ViteDevServer): Connect.NextHandleFunction {
  let node: Promise<FakeNode> | undefined;
  return (request: IncomingMessage, response: ServerResponse, next) => {
    if (!/^\/(api|rpc)/.test(request.url ?? '')) return next();
    node ??= loader
      .ssrLoadModule('/dev/fakeNode.ts')
      .then(
        (module) =>
          new (module as typeof import('./fakeNode.ts')).FakeNode(
            process.env['BUSBAR_FAKE'] === 'empty',
            process.env['BUSBAR_FAKE'] !== 'private',
          ),
      );
    node.then((fake) => fake.handle(request, response)).then((handled) => handled || next(), next);
  };
}
