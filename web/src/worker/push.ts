import { client } from '../api/client';
import { bytes } from '../session/webauthn';

export type PushFault = 'denied' | 'notSetUp';

export class PushError extends Error {
  constructor(readonly fault: PushFault) {
    super(fault);
  }
}

const storageKey = 'busbar.push';

export function pushHere(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in globalThis && isSecureContext;
}

/** The subscription of this very browser, when it has one. */
export async function ownEndpoint(): Promise<string | null> {
  if (!pushHere()) return null;
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription())?.endpoint ?? null;
}

/** Has this browser notified: asks the reader's leave, subscribes with the node's key, and tells the node. */
export async function subscribe(label: string): Promise<void> {
  const { publicKey } = await client.get<{ publicKey: string | null }>('notifications/push/key');
  if (publicKey === null) throw new PushError('notSetUp');
  if ((await Notification.requestPermission()) !== 'granted') throw new PushError('denied');
  const registration = await navigator.serviceWorker.ready;
  const before = await registration.pushManager.getSubscription();
  // A subscription of another key is of no use to this node.
  await before?.unsubscribe();
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(publicKey),
  });
  const { endpoint, keys } = subscription.toJSON();
  try {
    const { id } = await client.post<{ id: string }>('notifications/push', { endpoint, keys, label });
    localStorage.setItem(storageKey, id);
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
}

/** Ends it, here and on the node. */
export async function unsubscribe(): Promise<void> {
  const id = localStorage.getItem(storageKey);
  await dropSubscription();
  if (id !== null) await client.delete(`notifications/push/${encodeURIComponent(id)}`);
}

/** Ends it here; the push service tells the node at the next message. For an account that is no longer signed in. */
export async function dropSubscription(): Promise<void> {
  localStorage.removeItem(storageKey);
  if (!pushHere()) return;
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}
