import {
  type EventStore,
  InvariantViolation,
  type Position,
  type RecordedEvent,
  type Revision,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import {
  type Address,
  type ChainId,
  type Hash,
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

type Recorded = RelayerTransactionSigned['data'];
type Signed = RecordedEvent<RelayerTransactionSigned>;

/** The transaction that stands for a nonce now, and those that it took the place of. */
export interface StandingTransaction {
  readonly transaction: Recorded;
  readonly replaced: readonly Hash[];
  /** Where the transaction stands in the log. */
  readonly position: Position;
  readonly correlationId: string;
}

/** The newest transactions: everything recorded after a position. */
interface KnownPart {
  readonly since: Position;
  /** Null where the stream is empty. */
  readonly revision: Revision | null;
  readonly size: number;
  readonly state: RelayerState;
}

/** Bounds the memory; beyond it the stream's end is read again. */
const KNOWN_TRANSACTIONS_MAX = 5_000;

/**
 * The stream of one account's transactions on one chain. Only its newest part is kept in memory: a command can have been
 * signed only after it was authorized, so nothing before that position matters.
 */
export class RelayerAccount {
  private known: KnownPart | null = null;
  readonly stream: string;

  constructor(
    private readonly store: EventStore,
    chainId: ChainId,
    readonly address: Address,
  ) {
    this.stream = relayerStream(chainId, address);
  }

  /** Another instance may have recorded since: what is in memory is read again. */
  forget(): void {
    this.known = null;
  }

  /** What was signed last for a command that was authorized at a position; null where nothing was. */
  async find(commandId: Uuid, authorizedAt: Position): Promise<SignedTransaction | null> {
    return signedFor(await this.stateSince(authorizedAt), commandId);
  }

  /** As `find`, read from the log: what is kept in memory does not tell what other instances record. */
  async findRecorded(commandId: Uuid, authorizedAt: Position): Promise<SignedTransaction | null> {
    return signedFor((await this.fold(authorizedAt)).state, commandId);
  }

  /** Null where nothing was recorded yet: the chain says with which nonce to begin. */
  async nextNonce(authorizedAt: Position): Promise<number | null> {
    return (await this.stateSince(authorizedAt)).nextNonce;
  }

  /** As `nextNonce`, read from the log. */
  async nextRecorded(): Promise<number | null> {
    for await (const { data } of this.newestFirst()) {
      const { nonce, replaces } = data;
      if (replaces === null) return nonce + 1;
    }
    return null;
  }

  /**
   * Records a signed transaction before anybody hears of it.
   * @returns false where another transaction came first: look again.
   */
  async record(data: Recorded, context: RecordingContext): Promise<boolean> {
    const { known } = this;
    if (known === null) throw new InvariantViolation('Recorded before the stream was read');
    const [event] = relayerDecider.decide({ type: 'SignRelayerTransaction', ...data }, known.state);
    if (event === undefined) return true;
    const metadata = { ...context, actor: `relayer:${this.address}` };
    const id = uuidv5(data.txHash, EVENT_ID_NAMESPACE);
    this.known = null; // until it is certain what became of the append, the stream must be read again
    try {
      const appended = await this.store.append(
        this.stream,
        [{ id, ...event, metadata }],
        known.revision ?? 'no_stream',
      );
      const state = relayerDecider.evolve(known.state, event);
      this.known = { ...known, revision: appended.revision, size: known.size + 1, state };
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) return false;
      throw error;
    }
    return true;
  }

  /**
   * Records a transaction in the place of the one that stands, before anybody hears of it.
   * @returns false where another came first: look again.
   */
  async replace(
    { transaction, position, correlationId }: StandingTransaction,
    dearer: Pick<Recorded, 'txHash' | 'rawTransaction'>,
  ): Promise<boolean> {
    const { commandId, txHash: replaces } = transaction;
    const newest = signedFor(await this.stateSince(position - 1n), commandId);
    if (newest?.txHash !== replaces) return false;
    return this.record({ ...transaction, ...dearer, replaces }, { correlationId, causationId: commandId });
  }

  /** What stands for each nonce from one on, in the order of nonces. */
  async standingFrom(nonce: number): Promise<readonly StandingTransaction[]> {
    const standing = new Map<number, StandingTransaction>();
    for await (const { data: transaction, position, metadata } of this.newestFirst()) {
      const { nonce: own, replaces, txHash } = transaction;
      const { correlationId } = metadata;
      const newer = standing.get(own);
      if (newer !== undefined) standing.set(own, { ...newer, replaced: [...newer.replaced, txHash] });
      else if (own >= nonce) standing.set(own, { transaction, replaced: [], position, correlationId });
      // New nonces grow: whatever was recorded before this is of lower ones.
      if (own <= nonce && replaces === null) break;
    }
    return [...standing.values()].sort((one, other) => one.transaction.nonce - other.transaction.nonce);
  }

  private async *newestFirst(): AsyncIterable<Signed> {
    for await (const page of this.store.readStream(this.stream, { direction: 'backward' })) {
      for (const event of page) yield event as Signed;
    }
  }

  private async stateSince(position: Position): Promise<RelayerState> {
    const { known } = this;
    if (known !== null && known.size < KNOWN_TRANSACTIONS_MAX && known.since <= position) return known.state;
    this.known = await this.fold(position);
    return this.known.state;
  }

  /** Reads back to a position, and on to the newest transaction with a nonce of its own, which tells the next one. */
  private async fold(since: Position): Promise<KnownPart> {
    const newestFirst: Signed[] = [];
    let tellsNonce = false;
    pages: for await (const page of this.store.readStream(this.stream, { direction: 'backward' })) {
      for (const event of page as readonly Signed[]) {
        if (tellsNonce && event.position <= since) break pages;
        newestFirst.push(event);
        tellsNonce ||= event.data.replaces === null;
      }
    }
    return {
      since,
      revision: newestFirst[0]?.revision ?? null,
      size: newestFirst.length,
      state: newestFirst.reverse().reduce(relayerDecider.evolve, relayerDecider.initialState),
    };
  }
}
