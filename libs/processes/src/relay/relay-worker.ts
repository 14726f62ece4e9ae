import type { SendOutcome } from '@abland/chain';
import {
  type Address,
  type ChainId,
  type Hash,
  requestDecider,
  requestStream,
  type Uuid,
} from '@abland/domain';
import {
  type Clock,
  DomainError,
  type EventStore,
  InvariantViolation,
  type Logger,
  Outages,
  Wakeup,
} from '@abland/kernel';
import type pg from 'pg';
import type { TakeTurn } from '../engine/process.js';
import { bindCommand } from '../engine/process-command.js';
import { type DueRelay, RelayRows } from './relay-rows.js';
import { KnownRelayers, relayersInLog } from './known-relayers.js';
import type { Senders } from './senders.js';

export interface RelayWorkerOptions {
  readonly senders: Senders;
  readonly chainId: ChainId;
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two looks at what is due by the clock. */
  readonly pollIntervalMs?: number;
}

const AT_ONCE = 16;
/** After a failure that says nothing about the relay itself: the store or the provider was out of reach. */
const FAILURE_PAUSE_MS = 1_000;

/** Sends what is due, several at once, each one once at a time. */
export class RelayWorker {
  private readonly wakeup = new Wakeup();
  private readonly inHand = new Map<Uuid, Promise<void>>();
  /** Whose pause is over because what they waited for has come. */
  private readonly hurried = new Set<Uuid>();
  /** To read by; what is written is written in turns. */
  private readonly rows: RelayRows;
  private takeTurn: TakeTurn = () => Promise.reject(new InvariantViolation('It does not run'));

  private readonly interruptions: Outages;
  private readonly notPostponed: Outages;

  constructor(private readonly options: RelayWorkerOptions) {
    const { logger } = options;
    this.interruptions = new Outages({ logger, message: 'relay interrupted' });
    this.notPostponed = new Outages({ logger, message: 'relay not postponed' });
    this.rows = new RelayRows(options.pool, options.chainId);
  }

  wake(): void {
    this.wakeup.wake();
  }

  /** A transaction is in the log: its relay is to be told of, and its account to be known, whoever has the key of it now. */
  async know(
    { commandId, relayer }: { readonly commandId: Uuid; readonly relayer: Address },
    client: pg.ClientBase,
    now: number,
  ): Promise<void> {
    const { chainId, senders } = this.options;
    await new RelayRows(client, chainId).markSigned(commandId, now);
    await new KnownRelayers(client, chainId).addWhereAsked(relayer);
    senders.learn([relayer]);
  }

  hurry(commandIds: readonly Uuid[]): void {
    for (const commandId of commandIds) this.hurried.add(commandId);
  }

  /** Ends with the signal, after what is in hand. Its first turn is when a sender is open and what is due was looked at. */
  async run(signal: AbortSignal, takeTurn: TakeTurn, onTurn: () => void): Promise<void> {
    this.takeTurn = takeTurn;
    const { pollIntervalMs = 500, senders } = this.options;
    try {
      senders.start(await this.knownRelayers());
      await senders.opened(signal);
      while (!signal.aborted) {
        await this.takeDue();
        onTurn();
        await this.wakeup.wait(pollIntervalMs, signal);
      }
    } finally {
      await Promise.all(this.inHand.values());
      await senders.stop();
    }
  }

  private async knownRelayers(): Promise<readonly Address[]> {
    const { chainId, pool, senders, store } = this.options;
    const rows = new KnownRelayers(pool, chainId);
    const known = await rows.all();
    if (known.length > 0) return known;
    const found = [...senders.relayers, ...(await relayersInLog(store, chainId))];
    await this.takeTurn(({ client }) => new KnownRelayers(client, chainId).add(found));
    return found;
  }

  private async takeDue(): Promise<void> {
    const free = AT_ONCE - this.inHand.size;
    if (free <= 0) return;
    const due = await this.rows.due(this.options.clock(), [...this.inHand.keys()], free);
    for (const relay of due) this.take(relay);
  }

  private take(relay: DueRelay): void {
    const work = this.send(relay)
      .catch((error: unknown) => this.pauseAfter(relay, error))
      .finally(() => {
        this.inHand.delete(relay.commandId);
        this.wakeup.wake();
      });
    this.inHand.set(relay.commandId, work);
  }

  private async send(relay: DueRelay): Promise<void> {
    const ignorePause = this.hurried.delete(relay.commandId);
    const sent = await this.options.senders.send({ ...relay, ignorePause });
    await this.settle(relay, sent);
  }

  private async settle(relay: DueRelay, sent: SendOutcome): Promise<void> {
    switch (sent.outcome) {
      case 'SENT':
        await this.tellSubmission(relay, sent.txHash);
        return this.close(relay);
      case 'REFUSED':
        return this.close(relay);
      case 'LATER':
        return this.postpone(relay, sent.notBefore);
      default:
        return sent satisfies never;
    }
  }

  private async close({ commandId }: DueRelay): Promise<void> {
    await this.write(async (rows) => void (await rows.close(commandId)));
    this.hurried.delete(commandId); // it waits for nothing any more
  }

  /** What it waited for may have come while it was in hand. */
  private postpone({ commandId }: DueRelay, notBefore: number): Promise<void> {
    const dueAt = this.hurried.has(commandId) ? this.options.clock() : notBefore;
    return this.write((rows) => rows.postpone(commandId, dueAt));
  }

  /** As every leader writes: not where another leads by now. */
  private write(change: (rows: RelayRows) => Promise<void>): Promise<void> {
    return this.takeTurn(({ client }) => change(new RelayRows(client, this.options.chainId)));
  }

  private async tellSubmission(relay: DueRelay, txHash: Hash): Promise<void> {
    const { chainId, store, logger } = this.options;
    const { commandId, correlationId } = relay;
    const submit = { type: 'SubmitRequest', txHash, by: null } as const;
    const cause = { id: `${commandId}/${txHash}`, causationId: commandId, correlationId };
    try {
      await bindCommand(requestDecider, requestStream(commandId), submit, cause).handle(
        store,
        `process:relay-${chainId}`,
      );
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      logger.info({ commandId, code: error.code, reason: error.message }, 'submission refused');
    }
  }

  private async pauseAfter(relay: DueRelay, error: unknown): Promise<void> {
    const { commandId } = relay;
    this.interruptions.note(error, { commandId });
    try {
      await this.postpone(relay, this.options.clock() + FAILURE_PAUSE_MS);
    } catch (failure) {
      this.notPostponed.note(failure, { commandId });
    }
  }
}
