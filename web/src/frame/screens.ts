import type { Component } from 'svelte';
import type { Text } from '../text/en';

export type ScreenId = keyof Text['screens'];

export interface Screen {
  id: ScreenId;
  /** The path of a 24 x 24 line icon. */
  icon: string;
  /** Fetches the screen's code when it is first opened. */
  load: () => Promise<{ default: Component<Record<string, never>> }>;
}

/** Every screen, in the order of the navigation; the first is the one that opens. */
export const screens: readonly Screen[] = [
  {
    id: 'now',
    icon: 'M4 5h16M8 5v8m0 4v.01M16 5v5m0 4v.01M12 5v11m0 4v.01',
    load: () => import('../now/NowPage.svelte'),
  },
  {
    id: 'ledger',
    icon: 'M4 4h16v5H4zM4 15h16v5H4zM8 9v6m8-6v6',
    load: () => import('../ledger/LedgerPage.svelte'),
  },
  {
    id: 'verify',
    icon: 'M12 3l8 3v6c0 4.5-3.4 7.6-8 9-4.6-1.4-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5',
    load: () => import('../verify/VerifyPage.svelte'),
  },
];
