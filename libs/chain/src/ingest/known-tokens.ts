import { chainStream, type HexData, type TokenCreated } from '@abland/domain';
import type { EventStore, RecordedEvent, Revision } from '@abland/kernel';

/** Lower-case addresses of the tokens that our factory created on one chain. */
export class KnownTokens {
  /** As the chain's stream tells them up to a revision; null before it was read. */
  readonly #recorded = new Set<string>();
  #upTo: Revision | null = null;
  #read = false;
  /** Of messages whose events are not known to be in the log. */
  readonly #expected = new Set<string>();

  has(address: string): boolean {
    return this.#recorded.has(address) || this.#expected.has(address);
  }

  /** One that a message tells of which is about to be appended. */
  add(address: string): void {
    if (!this.#recorded.has(address)) this.#expected.add(address);
  }

  /** What was expected is in the log, which ends at this revision. */
  recorded(revision: Revision): void {
    for (const address of this.#expected) this.#recorded.add(address);
    this.#expected.clear();
    this.#upTo = revision;
  }

  /** Reads what the log tells since it was last known; the whole log only once. */
  async restore(store: EventStore, chainId: number, revision: Revision | null): Promise<void> {
    this.#expected.clear();
    const tokens = this.#read ? this.#since(store, chainId, revision) : recordedTokens(store, chainId);
    for await (const token of tokens) this.#recorded.add(token);
    this.#read = true;
    this.#upTo = revision;
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
