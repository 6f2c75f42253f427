import { describe, expect, it } from 'vitest';
import type { Page } from '../../src/api/screens';
import { BoardFeed } from '../../src/market/boardFeed.svelte';

interface Row {
  id: string;
  price: number;
}

/** A board whose rows a test changes, paged as the node does it. */
class Board {
  rows: Row[] = [];
  asked = 0;
  fails = false;

  page = (limit: number, cursor: string | null): Promise<Page<Row>> => {
    this.asked++;
    if (this.fails) return Promise.reject(new Error('away'));
    const from = cursor === null ? 0 : Number(cursor);
    const items = this.rows.slice(from, from + limit);
    return Promise.resolve({ items, next: from + limit < this.rows.length ? String(from + limit) : null });
  };
}

const rows = (...ids: string[]) => ids.map((id) => ({ id, price: 1 }));
const ids = (feed: BoardFeed<Row>) => feed.shown.map(({ id }) => id);

describe('BoardFeed', () => {
  it('brings rows up to date where they are, and counts what is new', async () => {
    const board = new Board();
    board.rows = rows('a', 'b');
    const feed = new BoardFeed<Row>(board.page);
    await feed.restart();
    board.rows = [{ id: 'c', price: 0 }, { id: 'b', price: 2 }, ...rows('a')];
    await feed.refresh();
    expect(ids(feed)).toEqual(['a', 'b']);
    expect(feed.shown[1]!.price).toBe(2);
    expect([feed.waiting, feed.gone.size]).toEqual([1, 0]);
    await feed.restart();
    expect(ids(feed)).toEqual(['c', 'b', 'a']);
    expect(feed.waiting).toBe(0);
  });

  it('keeps what is gone in its place, marked', async () => {
    const board = new Board();
    board.rows = rows('a', 'b', 'c');
    const feed = new BoardFeed<Row>(board.page);
    await feed.restart();
    board.rows = rows('a', 'c');
    await feed.refresh();
    expect(ids(feed)).toEqual(['a', 'b', 'c']);
    expect([...feed.gone]).toEqual(['b']);
  });

  it('shows at once what comes to an empty list', async () => {
    const board = new Board();
    const feed = new BoardFeed<Row>(board.page);
    await feed.restart();
    board.rows = rows('a');
    await feed.refresh();
    expect(ids(feed)).toEqual(['a']);
    expect(feed.waiting).toBe(0);
  });

  it('goes on below, each row once', async () => {
    const board = new Board();
    board.rows = Array.from({ length: 60 }, (_, i) => ({ id: String(i), price: i }));
    const feed = new BoardFeed<Row>(board.page);
    await feed.restart();
    expect([feed.shown.length, feed.ended]).toEqual([25, false]);
    board.rows = [{ id: 'new', price: 0 }, ...board.rows];
    await feed.more();
    expect(new Set(ids(feed)).size).toBe(feed.shown.length);
    await feed.more();
    expect(feed.ended).toBe(true);
    await feed.refresh();
    expect([feed.waiting, feed.gone.size]).toEqual([1, 0]);
  });

  it('does not count what lies below the last shown row as new', async () => {
    const board = new Board();
    board.rows = Array.from({ length: 40 }, (_, i) => ({ id: String(i), price: i }));
    const feed = new BoardFeed<Row>(board.page);
    await feed.restart();
    await feed.refresh();
    expect(feed.waiting).toBe(0);
  });

  it('keeps what it has when the node is away, and tells only of the first failure', async () => {
    const board = new Board();
    board.rows = rows('a');
    const feed = new BoardFeed<Row>(board.page);
    board.fails = true;
    await feed.restart();
    expect(feed.error).toBeInstanceOf(Error);
    board.fails = false;
    await feed.restart();
    board.fails = true;
    await feed.refresh();
    expect([ids(feed), feed.error]).toEqual([['a'], null]);
  });
});
