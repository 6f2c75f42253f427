/// <reference lib="webworker" />
import { placeOf } from './place';
import { DataStore, isKept } from './store';

/* The service worker: the app without a network, the last data, and notifications. */

declare const self: ServiceWorkerGlobalScope;
/** The files of this build and its name; written here by build/serviceWorker.ts. */
declare const __SHELL__: { version: string; files: string[] };

const shell = __SHELL__;
const shellName = `busbar-shell-${shell.version}`;
const files = new Set(shell.files.map((file) => `/${file}`));
const data = new DataStore('busbar-data', self.caches, (request) => fetch(request));

self.addEventListener('install', (event) => {
  event.waitUntil(
    self.caches.open(shellName).then((cache) =>
      // Past the browser's own cache: a page of an older build would ask for files that are gone. What is named after its
      // content cannot be of another build, and what the page has loaded already is not sent again.
      cache.addAll(
        ['/', ...files].map((file) => new Request(file, { cache: file.startsWith('/assets/') ? 'default' : 'reload' })),
      ),
    ),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await self.caches.keys();
      const old = names.filter((name) => name.startsWith('busbar-shell-') && name !== shellName);
      await Promise.all(old.map((name) => self.caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (isKept(url, self.location.origin)) {
    event.respondWith(data.answer(request, (work) => event.waitUntil(work)));
  } else if ((request.mode === 'navigate' && url.pathname === '/') || files.has(url.pathname)) {
    event.respondWith(fromShell(request, url.pathname));
  }
});

self.addEventListener('message', (event) => {
  const { type } = (event.data ?? {}) as { type?: string };
  // The reader said so: the new version takes over, and the page loads itself anew.
  if (type === 'activate') event.waitUntil(self.skipWaiting());
  if (type === 'forget') event.waitUntil(data.forget().then(() => event.ports[0]?.postMessage('forgotten')));
});

self.addEventListener('push', (event) => {
  const { title, body, page, tag } = messageOf(event.data);
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      icon: '/icons/icon-192.png',
      badge: '/icons/badge-96.png',
      data: { page },
      ...(tag === undefined ? {} : { tag }),
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { page } = (event.notification.data ?? {}) as { page?: string };
  event.waitUntil(open(page));
});

async function fromShell(request: Request, path: string): Promise<Response> {
  const stored = await self.caches.match(path, { cacheName: shellName });
  return stored ?? fetch(request);
}

interface Message {
  title: string;
  body: string;
  /** The place that shows more: `/devices`. */
  page: string;
  tag?: string;
}

function messageOf(data: PushMessageData | null): Message {
  const plain = { title: 'Busbar', body: '', page: '/now' };
  try {
    return { ...plain, ...(data?.json() as Partial<Message>) };
  } catch {
    return { ...plain, body: data?.text() ?? '' };
  }
}

/** Brings the app to one of its places. */
async function open(page: string | undefined): Promise<void> {
  const place = placeOf(page);
  const [window] = await self.clients.matchAll({ type: 'window' });
  if (window === undefined) await self.clients.openWindow(`/${place}`);
  else {
    await window.focus();
    window.postMessage({ type: 'open', place });
  }
}
