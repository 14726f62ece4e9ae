import { MemoryEventStore } from '@abland/event-store';
import type { EventStore, NewEvent } from '@abland/kernel';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { CHAIN_ID, TOPIC } from './chain-messages.fixture.js';
import { type IngestedTokens, type IngestedTokensBook, KnownTokens } from './known-tokens.js';

const token = (number: number): string => `0x${number.toString(16).padStart(40, '0')}`;

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** What outlives an ingester, in memory. */
class MemoryTokensBook implements IngestedTokensBook {
  kept: IngestedTokens | null = null;
  async read(): Promise<IngestedTokens | null> {
    return this.kept;
  }
  async begin(all: IngestedTokens): Promise<void> {
    this.kept = all;
  }
  async add(more: IngestedTokens): Promise<void> {
    if (this.kept === null || this.kept.revision >= more.revision) return;
    this.kept = { ...more, tokens: [...this.kept.tokens, ...more.tokens] };
  }
}

describe('the tokens that an ingester knows', () => {
  let store: EventStore;
  let book: MemoryTokensBook;
  /** How often the whole log was read. */
  let wholeReads: number;
  let ids: number;

  beforeEach(() => {
    book = new MemoryTokensBook();
    wholeReads = 0;
    ids = 0;
    store = emptyLog();
  });

  function emptyLog(): EventStore {
    const memory = new MemoryEventStore();
    const readAll: EventStore['readAll'] = (options) => {
      wholeReads += 1;
      return memory.readAll(options);
    };
    return Object.assign(Object.create(memory) as EventStore, { readAll });
  }
  const eventOf = (created: string | null): NewEvent => {
    ids += 1;
    return {
      id: idOf(ids),
      type: created === null ? 'BlockIngested' : 'TokenCreated',
      version: 1,
      data: created === null ? {} : { tokenAddress: created },
      metadata: { correlationId: 'c', causationId: null, actor: 'chain' },
    };
  };
  /** Appends as many blocks without a token, and then the creation of some. */
  async function append(blocks: number, ...created: readonly string[]): Promise<bigint> {
    const events = [...Array.from({ length: blocks }, () => null), ...created].map(eventOf);
    return (await store.append(TOPIC, events, 'any')).revision;
  }
  async function started(revision: bigint | null): Promise<KnownTokens> {
    const tokens = new KnownTokens(book);
    await tokens.restore(store, CHAIN_ID, revision);
    return tokens;
  }
  const knownOf = (tokens: KnownTokens, count: number): boolean[] =>
    Array.from({ length: count }, (_, index) => tokens.has(token(index)));

  it('are read from the whole log by the first start, and from its end by all others', async () => {
    const end = await append(3, token(0), token(1));
    expect(knownOf(await started(end), 3)).toEqual([true, true, false]);
    const later = await append(2, token(2));
    expect(knownOf(await started(later), 3)).toEqual([true, true, true]);
    expect(knownOf(await started(later), 3)).toEqual([true, true, true]);
    expect(wholeReads).toBe(1);
  });

  it('are kept as they come, so that a start after many blocks reads no more than the last of them', async () => {
    const tokens = await started(await append(1, token(0)));
    tokens.add(token(1));
    const revision = await append(10_000, token(1));
    await tokens.recorded({ revision, eventId: idOf(ids) });
    expect(book.kept).toMatchObject({ revision, tokens: [token(0), token(1)] });
    expect(knownOf(await started(revision), 2)).toEqual([true, true]);
    expect(wholeReads).toBe(1);
  });

  it('are read from the whole log again where what was kept is of another log, and kept anew', async () => {
    await started(await append(3, token(0)));
    store = emptyLog();
    const end = await append(3, token(1));
    expect(knownOf(await started(end), 2)).toEqual([false, true]);
    expect(knownOf(await started(end), 2)).toEqual([false, true]);
    expect(wholeReads).toBe(2);
  });

  it('are read from the whole log again where the log ends before what was kept', async () => {
    await started(await append(3, token(0)));
    store = emptyLog();
    expect(knownOf(await started(null), 1)).toEqual([false]);
    expect(wholeReads).toBe(2);
  });
});
