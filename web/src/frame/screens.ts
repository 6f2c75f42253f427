import type { Component } from 'svelte';
import type { Role } from '../api/types';
import type { Text } from '../text/en';

export type ScreenId = keyof Text['screens'];

export interface Screen {
  id: ScreenId;
  /** The path of a 24 x 24 line icon. */
  icon: string;
  /** Who has something to see there. The node decides what they see; this only keeps an empty screen out of the way. */
  roles: readonly Role[];
  /** Whether the navigation names it; the others are reached from the head. */
  listed: boolean;
  /** Fetches the screen's code when it is first opened. */
  load: () => Promise<{ default: Component<Record<string, never>> }>;
}

type Loader = Screen['load'];

// A screen is a folder with a page of its name: `devices/DevicesPage.svelte`. One that is not there is not in the navigation.
const pages = import.meta.glob<{ default: Component<Record<string, never>> }>('../*/*Page.svelte');
const page = (folder: string) =>
  pages[`../${folder}/${folder.charAt(0).toUpperCase()}${folder.slice(1)}Page.svelte`] as Loader | undefined;

const all: readonly (Omit<Screen, 'load' | 'listed'> & { listed?: boolean })[] = [
  { id: 'now', icon: 'M3 12h4l3-8 4 16 3-8h4', roles: ['Anyone'] },
  {
    id: 'history',
    icon: 'M4 4v16h16M8 16v-4m4 4V7m4 9v-6',
    roles: ['Household', 'Guest', 'Auditor', 'Operator', 'Regulator'],
  },
  {
    id: 'bills',
    icon: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6M9 16h3',
    roles: ['Household', 'Guest', 'Auditor', 'Operator', 'Regulator'],
  },
  {
    id: 'market',
    icon: 'M4 9h13l-3.5-4M20 15H7l3.5 4',
    roles: ['Anyone'],
  },
  { id: 'ledger', icon: 'M4 4h16v5H4zM4 15h16v5H4zM8 9v6m8-6v6', roles: ['Anyone'] },
  { id: 'verify', icon: 'M12 3l8 3v6c0 4.5-3.4 7.6-8 9-4.6-1.4-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5', roles: ['Anyone'] },
  {
    id: 'money',
    icon: 'M3 6h18v12H3zM12 15a3 3 0 100-6 3 3 0 000 6zM6.5 9.5h.01M17.5 14.5h.01',
    roles: ['Auditor', 'Operator', 'Regulator'],
  },
  {
    id: 'devices',
    icon: 'M5 3h14v18H5zM8 7h8v4H8zm2 9h.01M14 16h.01',
    roles: ['Household', 'Guest', 'Auditor', 'Operator', 'Regulator'],
  },
  {
    id: 'community',
    icon: 'M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM2.5 20c0-3.5 2.9-6 6.5-6s6.5 2.5 6.5 6M16 4.4a3.5 3.5 0 010 6.2M18 14.3c2.1.8 3.5 2.8 3.5 5.7',
    roles: ['Anyone'],
  },
  {
    id: 'load',
    icon: 'M3 20h18M5 20v-6h4v6M10 20V9h4v11M15 20V4h4v16',
    roles: ['Authority', 'Auditor', 'Operator', 'Regulator'],
  },
  {
    id: 'guests',
    icon: 'M10 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-3.5 3-6 7-6 1.2 0 2.3.2 3.3.7M18 14v6m-3-3h6',
    roles: ['Household'],
  },
  { id: 'setup', icon: 'M4 20l9-9M14 4l1.5 3.5L19 9l-3.5 1.5L14 14l-1.5-3.5L9 9l3.5-1.5z', roles: ['Operator'] },
  {
    id: 'settings',
    icon: 'M4 7h9m5 0h2M4 17h2m5 0h9M15.5 9.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM8.5 19.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5z',
    roles: ['Anyone'],
  },
  {
    id: 'session',
    icon: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c0-4 3.5-6.5 8-6.5s8 2.5 8 6.5',
    roles: ['Anyone'],
    listed: false,
  },
];

/** Every screen, in the order of the navigation; the first is the one that opens. */
export const screens: readonly Screen[] = all.flatMap((screen) => {
  const load = page(screen.id);
  return load === undefined ? [] : [{ listed: true, ...screen, load }];
});
