import {
  type EventStore,
  InvariantViolation,
  type Position,
  type RecordedEvent,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import {
  type Address,
  relayerDecider,
  type RelayerState,
  relayerStream,
  type RelayerTransactionSigned,
  signedFor,
  type SignedTransaction,
  type Uuid,
} from '@abland/domain';
import { v5 as uuidv5 } from 'uuid';

/** Never changes: ids of recorded transactions derive from it. */
const EVENT_ID_NAMESPACE = 'b1f3f5ad-4b9f-4c52-8f6e-1f4f0a6e7b52';

export interface RecordingContext {
  readonly correlationId: string;
  readonly causationId: string | null;
}

type Signed = RecordedEvent<RelayerTransactionSigned>;

/** The newest transactions: everything recorded after a position. */
interface KnownPart {
  readonly since: Position;
  readonly firstNonce: number;
  readonly state: RelayerState;
}

/** Bounds the memory; beyond it the stream's end is read again. */
const KNOWN_TRANSACTIONS_MAX = 5_000;

/**
 * The stream of our sender's transactions, its revision the nonce. Only its newest part is kept in memory: a command can
 * have been signed only after it was authorized, so nothing before that position matters.
 */
export class RelayerAccount {
  private known: KnownPart | null = null;
  readonly stream: string;

  constructor(
    private readonly store: EventStore,
    readonly address: Address,
  ) {
    this.stream = relayerStream(address);
  }

  /** How many transactions were ever recorded: the next nonce. */
  async count(): Promise<number> {
    for await (const page of this.store.readStream(this.stream, { direction: 'backward', maxCount: 1 })) {
      const newest = page[0];
      if (newest !== undefined) return Number(newest.revision) + 1;
    }
    return 0;
  }

  /** What was signed for a command that was authorized at a position; null where nothing was. */
  async find(commandId: Uuid, authorizedAt: Position): Promise<SignedTransaction | null> {
    return signedFor(await this.stateSince(authorizedAt), commandId);
  }

  async nextNonce(authorizedAt: Position): Promise<number> {
    return (await this.stateSince(authorizedAt)).nextNonce;
  }

  /**
   * Records a signed transaction under its nonce before anybody hears of it.
   * @returns false where another transaction came first: look again.
   */
  async record(data: RelayerTransactionSigned['data'], context: RecordingContext): Promise<boolean> {
    const { known } = this;
    if (known === null) throw new InvariantViolation('Recorded before the stream was read');
    const [event] = relayerDecider.decide({ type: 'SignRelayerTransaction', ...data }, known.state);
    if (event === undefined) return true;
    const metadata = { ...context, actor: `relayer:${this.address}` };
    const expected = data.nonce === 0 ? 'no_stream' : BigInt(data.nonce - 1);
    const id = uuidv5(data.txHash, EVENT_ID_NAMESPACE);
    this.known = null; // until it is certain what became of the append, the stream must be read again
    try {
      await this.store.append(this.stream, [{ id, ...event, metadata }], expected);
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) return false;
      throw error;
    }
    this.known = { ...known, state: relayerDecider.evolve(known.state, event) };
    return true;
  }

  /** Recorded transactions from a nonce on, in order. */
  async *recordedFrom(nonce: number): AsyncIterable<RelayerTransactionSigned['data']> {
    for await (const page of this.store.readStream(this.stream, { from: BigInt(nonce) })) {
      for (const event of page) yield (event as Signed).data;
    }
  }

  private async stateSince(position: Position): Promise<RelayerState> {
    const { known } = this;
    const small = known !== null && known.state.nextNonce - known.firstNonce < KNOWN_TRANSACTIONS_MAX;
    if (small && known.since <= position) return known.state;
    this.known = await this.fold(position);
    return this.known.state;
  }

  private async fold(since: Position): Promise<KnownPart> {
    const newestFirst: Signed[] = [];
    let nextNonce = 0;
    for await (const page of this.store.readStream(this.stream, { direction: 'backward' })) {
      const events = page as readonly Signed[];
      if (newestFirst.length === 0) nextNonce = Number(events[0]?.revision ?? -1n) + 1;
      newestFirst.push(...events.filter(({ position }) => position > since));
      if (events.some(({ position }) => position <= since)) break;
    }
    const firstNonce = nextNonce - newestFirst.length;
    const start: RelayerState = { nextNonce: firstNonce, newest: null };
    return { since, firstNonce, state: newestFirst.reverse().reduce(relayerDecider.evolve, start) };
  }
}
