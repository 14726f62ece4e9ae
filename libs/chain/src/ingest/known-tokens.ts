import { chainStream, type HexData, type TokenCreated } from '@abland/domain';
import type { EventStore, RecordedEvent, Revision } from '@abland/kernel';

/** An event of the chain's stream. */
export interface RecordedUpTo {
  readonly revision: Revision;
  readonly eventId: string;
}

/** Lower-case addresses of tokens, and the event up to which the chain's stream tells them. */
export interface IngestedTokens extends RecordedUpTo {
  readonly tokens: readonly HexData[];
}

/** Where the tokens of a chain are kept for the next ingester, so that a start need not read the whole log for them. */
export interface IngestedTokensBook {
  /** Null where nothing was begun for the chain. */
  read(): Promise<IngestedTokens | null>;
  /** From now on these, and those that are added, are all tokens up to there. */
  begin(all: IngestedTokens): Promise<void>;
  /** With these they are all; does nothing where more is kept already. */
  add(more: IngestedTokens): Promise<void>;
}

/** Events that the next start reads again at most, and as many more as one batch of messages has. */
const KEEP_EVERY = 10_000n;

/** Lower-case addresses of the tokens that our factory created on one chain. */
export class KnownTokens {
  readonly #recorded = new Set<HexData>();
  /** What the chain's stream tells is known up to here; null: up to its beginning. */
  #upTo: Revision | null = null;
  #read = false;
  /** Of messages whose events are not known to be in the log. */
  readonly #expected = new Set<HexData>();
  /** Up to where they are in the book; null: not at all, or it is of another log. */
  #keptTo: Revision | null = null;
  readonly #unkept = new Set<HexData>();

  /** @param book absent: the whole log is read at each start */
  constructor(private readonly book: IngestedTokensBook | null = null) {}

  has(address: string): boolean {
    return this.#recorded.has(address) || this.#expected.has(address);
  }

  /** One that a message tells of which is about to be appended. */
  add(address: string): void {
    if (!this.#recorded.has(address)) this.#expected.add(address);
  }

  /** What was expected is in the log, whose stream of the chain ends with this event. */
  async recorded(last: RecordedUpTo): Promise<void> {
    for (const address of this.#expected) this.#learn(address);
    this.#expected.clear();
    this.#upTo = last.revision;
    if (this.#isWorthKeeping(last.revision)) await this.#keep(last);
  }

  /** Reads what the log tells since it was last known; the whole log only once, and where the book is not of it. */
  async restore(store: EventStore, chainId: number, revision: Revision | null): Promise<void> {
    this.#expected.clear();
    if (!this.#read) await this.#open(store, chainId);
    const isWhole = !this.#read && this.#upTo === null;
    const tokens = isWhole ? recordedTokens(store, chainId) : this.#since(store, chainId, revision);
    for await (const token of tokens) this.#learn(token);
    this.#read = true;
    this.#upTo = revision;
    if (revision !== null && this.#isWorthKeeping(revision)) {
      const last = await eventAt(store, chainId, revision);
      if (last !== null) await this.#keep({ revision, eventId: last.id });
    }
  }

  #isWorthKeeping(revision: Revision): boolean {
    return this.book !== null && (this.#keptTo === null || revision - this.#keptTo >= KEEP_EVERY);
  }

  /** What the book tells, where the log has its event at its place. */
  async #open(store: EventStore, chainId: number): Promise<void> {
    const kept = (await this.book?.read()) ?? null;
    if (kept === null) return;
    const there = await eventAt(store, chainId, kept.revision);
    if (there?.id !== kept.eventId) return;
    for (const token of kept.tokens) this.#recorded.add(token);
    this.#upTo = this.#keptTo = kept.revision;
  }

  #learn(token: HexData): void {
    if (this.#recorded.has(token)) return;
    this.#recorded.add(token);
    this.#unkept.add(token);
  }

  async #keep(last: RecordedUpTo): Promise<void> {
    if (this.book === null) return;
    if (this.#keptTo === null) await this.book.begin({ ...last, tokens: [...this.#recorded] });
    else await this.book.add({ ...last, tokens: [...this.#unkept] });
    this.#unkept.clear();
    this.#keptTo = last.revision;
  }

  async *#since(store: EventStore, chainId: number, revision: Revision | null): AsyncIterable<HexData> {
    const from = this.#upTo === null ? 0n : this.#upTo + 1n;
    if (revision === null || revision < from) return;
    yield* tokensIn(store.readStream(chainStream(chainId), { from }), chainId);
  }
}

/** The tokens that the whole log tells of, in lower case. */
export async function* recordedTokens(store: EventStore, chainId: number): AsyncIterable<HexData> {
  const filter = { types: ['TokenCreated'], streamPrefixes: [chainStream(chainId)] };
  yield* tokensIn(store.readAll({ filter }), chainId);
}

async function* tokensIn(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  chainId: number,
): AsyncIterable<HexData> {
  for await (const page of pages) {
    for (const { data, stream, type } of page) {
      if (type !== 'TokenCreated' || stream !== chainStream(chainId)) continue;
      yield (data as TokenCreated['data']).tokenAddress.toLowerCase();
    }
  }
}

/** Null where the chain's stream is not that long. */
async function eventAt(store: EventStore, chainId: number, from: Revision): Promise<RecordedEvent | null> {
  for await (const [event] of store.readStream(chainStream(chainId), { from, maxCount: 1 }))
    return event ?? null;
  return null;
}
