import { afterEach, expect, it } from 'vitest';
import type { House, Now } from '../src/api/types';
import { community } from '../src/community.svelte';

const silent = [{ lastSeen: '2026-06-21T00:15:00Z' }, { lastSeen: null }] as House[];

afterEach(() => {
  community.live.now = null;
  community.live.houses = null;
});

it('has the node’s present, also when every meter went silent long before', () => {
  community.live.houses = silent;
  community.live.now = { at: '2026-06-28T08:00:00Z' } as Now;
  expect(community.present).toEqual(new Date('2026-06-28T08:00:00Z'));
});

it('has the newest instant at which a meter was seen while the node said no other', () => {
  expect(community.present).toBeNull();
  community.live.houses = silent;
  expect(community.present).toEqual(new Date('2026-06-21T00:15:00Z'));
});
