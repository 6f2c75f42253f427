import { route } from '../frame/route.svelte';
import { toasts } from '../parts/toasts.svelte';
import { language } from '../text/language.svelte';

/** Told on each load until the reader takes it, or all windows of the app are closed. */
function offer(waiting: ServiceWorker): void {
  const text = language.text.frame;
  toasts.say(text.update, 'done', {
    words: text.updateNow,
    act: () => waiting.postMessage({ type: 'activate' }),
  });
}

/** Installs the service worker, where the browser has one for this page (HTTPS, or this very machine). */
export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const hadOne = navigator.serviceWorker.controller !== null;
  let reloading = false;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first worker takes the page over without its doing; a later one comes by the reader's word.
    if (!hadOne || reloading) return;
    reloading = true;
    location.reload();
  });
  navigator.serviceWorker.addEventListener('message', (event) => {
    const { type, place } = (event.data ?? {}) as { type?: string; place?: string };
    if (type === 'open' && place?.startsWith('#/')) route.go(place);
  });
  try {
    const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
    if (registration.waiting !== null && hadOne) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const fresh = registration.installing;
      fresh?.addEventListener('statechange', () => {
        if (fresh.state === 'installed' && navigator.serviceWorker.controller !== null) offer(fresh);
      });
    });
  } catch {
    // Without it the app works as long as the node can be reached.
  }
}

/** Deletes what is kept of the node's answers. */
export async function forgetData(): Promise<void> {
  if (!('caches' in globalThis)) return;
  const worker = navigator.serviceWorker?.controller;
  if (worker === null || worker === undefined) {
    await caches.delete('busbar-data');
    return;
  }
  await new Promise<void>((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve();
    worker.postMessage({ type: 'forget' }, [channel.port2]);
    // A worker that does not answer must not hold the sign-out up: the store itself is deleted here.
    setTimeout(() => void caches.delete('busbar-data').then(() => resolve()), 1_000);
  });
}
