import { describe, expect, it } from 'vitest';
import { Feed } from '../../src/ledger/feed.svelte';

interface Item {
  key: number;
  state: string;
}

const item = (key: number, state = 'old'): Item => ({ key, state });

/** A feed over items `newest` down to 1, three a page. */
function feedOf(source: { newest: number }, mostWaiting = 10) {
  return new Feed<Item>(
    (limit, cursor) => {
      const from = cursor === null ? source.newest : Number(cursor);
      const items = Array.from({ length: Math.max(0, Math.min(limit, from)) }, (_, i) => item(from - i));
      return Promise.resolve({ items, next: from > limit ? String(from - limit) : null });
    },
    ({ key }) => String(key),
    3,
    mostWaiting,
    (newer, older) => newer.key === older.key + 1,
  );
}

const keys = (items: Item[]) => items.map(({ key }) => key);

describe('Feed', () => {
  it('does not move the list for what is new, until asked', async () => {
    const feed = feedOf({ newest: 5 });
    await feed.more();
    feed.offer(item(6));
    feed.offer(item(7));
    expect(keys(feed.shown)).toEqual([5, 4, 3]);
    expect(keys(feed.waiting)).toEqual([7, 6]);
    await feed.reveal();
    expect(keys(feed.shown)).toEqual([7, 6, 5, 4, 3]);
    expect(feed.waiting).toEqual([]);
  });

  it('brings a shown item up to date in its place', async () => {
    const feed = feedOf({ newest: 5 });
    await feed.more();
    feed.offer(item(4, 'new'));
    expect(feed.shown.map(({ state }) => state)).toEqual(['old', 'new', 'old']);
    expect(feed.waiting).toEqual([]);
  });

  it('goes on to older pages until the beginning', async () => {
    const feed = feedOf({ newest: 5 });
    await feed.more();
    expect(feed.ended).toBe(false);
    await feed.more();
    expect(keys(feed.shown)).toEqual([5, 4, 3, 2, 1]);
    expect(feed.ended).toBe(true);
  });

  it('shows the first item of an empty list at once', async () => {
    const feed = feedOf({ newest: 0 });
    await feed.more();
    feed.offer(item(1));
    expect(keys(feed.shown)).toEqual([1]);
  });

  it('learns what it missed while the stream was down', async () => {
    const source = { newest: 5 };
    const feed = feedOf(source);
    await feed.more();
    source.newest = 7;
    await feed.catchUp();
    expect(keys(feed.shown)).toEqual([5, 4, 3]);
    expect(keys(feed.waiting)).toEqual([7, 6]);
  });

  it('shows no list with a hole in it', async () => {
    const source = { newest: 5 };
    const feed = feedOf(source);
    await feed.more();
    source.newest = 20;
    await feed.catchUp();
    await feed.reveal();
    expect(keys(feed.shown)).toEqual([20, 19, 18]);
    await feed.more();
    expect(keys(feed.shown)).toEqual([20, 19, 18, 17, 16, 15]);
  });

  it('keeps what waits bounded', async () => {
    const source = { newest: 5 };
    const feed = feedOf(source, 4);
    await feed.more();
    source.newest = 20;
    for (let key = 6; key <= 20; key++) feed.offer(item(key));
    expect(keys(feed.waiting)).toEqual([20, 19, 18, 17]);
    await feed.reveal();
    expect(keys(feed.shown)).toEqual([20, 19, 18]);
  });

  it('notices an item that the stream left out', async () => {
    const source = { newest: 5 };
    const feed = feedOf(source);
    await feed.more();
    source.newest = 8;
    feed.offer(item(6));
    feed.offer(item(8));
    expect(keys(feed.shown)).toEqual([5, 4, 3]);
    await feed.reveal();
    expect(keys(feed.shown)).toEqual([8, 7, 6]);
  });

  it('keeps the list when a page cannot be had, and says so', async () => {
    let down = false;
    const feed = new Feed<Item>(
      () =>
        down
          ? Promise.reject(new Error('down'))
          : Promise.resolve({ items: [item(3), item(2), item(1)], next: 'more' }),
      ({ key }) => String(key),
      3,
    );
    await feed.more();
    down = true;
    await feed.more();
    expect(feed.error).toBeInstanceOf(Error);
    expect(feed.loading).toBe(false);
    expect(keys(feed.shown)).toEqual([3, 2, 1]);
  });
});
