import { type EventStore, type Logger, type Position, supervise, type Supervised } from '@abland/kernel';

export interface SessionWatchPorts {
  readonly log: EventStore;
  readonly logger: Logger;
  /** Is told of everybody a session of whom ended, or who may something else than before. */
  readonly onChanged: (address: string) => void;
}

/** Why what a session left open is closed. */
export type Closing = 'SESSION_ENDED' | 'ROLE_REVOKED';
type Listener = (why: Closing) => void;

/** What is heard of, and why sockets are closed by it; null: they are not. */
const TOLD: ReadonlyMap<string, Closing | null> = new Map([
  ['UserErased', 'SESSION_ENDED'],
  ['SessionEnded', 'SESSION_ENDED'],
  ['UserRoleRevoked', 'ROLE_REVOKED'],
  ['ApiKeyRevoked', 'SESSION_ENDED'],
  ['ApiKeyEnded', 'SESSION_ENDED'],
  ['UserRoleGranted', null],
  ['ApiKeyCreated', null],
  ['ApiKeyRateSet', null],
  ['ConfirmationTurnedOn', null],
  ['ConfirmationTurnedOff', null],
]);

/** Whose session it is. */
export interface WatchedSession {
  readonly address: string;
  /** Of the key, where it is one that lets in. */
  readonly sessionId: string;
}

/**
 * Hears of every session's end and of every change of somebody's roles, by whichever program, so that nothing is believed of before and
 * what a session left open here is closed.
 */
export class SessionWatch {
  /** By address. */
  private readonly listeners = new Map<string, Map<Listener, string>>();
  private readonly begun = Promise.withResolvers<void>();
  /** How far the log was read; undefined until it is known where to begin. */
  private after: Position | null | undefined;
  private running: Supervised | null = null;

  constructor(private readonly ports: SessionWatchPorts) {}

  start(): void {
    const run = ({ progress, signal }: { progress: () => void; signal: AbortSignal }): Promise<void> =>
      this.follow(progress, signal);
    this.running = supervise({ name: 'session-watch', run }, { logger: this.ports.logger });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  /** Settles once no end can be missed any more. */
  get ready(): Promise<void> {
    return this.begun.promise;
  }

  /** @returns what ends the listening */
  listen({ address, sessionId }: WatchedSession, onEnded: Listener): () => void {
    const listeners = this.listeners.get(address) ?? new Map<Listener, string>();
    this.listeners.set(address, listeners.set(onEnded, sessionId));
    return () => {
      listeners.delete(onEnded);
      if (listeners.size === 0 && this.listeners.get(address) === listeners) this.listeners.delete(address);
    };
  }

  /** How many listen to an address. */
  countOf(address: string): number {
    return this.listeners.get(address)?.size ?? 0;
  }

  private async follow(progress: () => void, signal: AbortSignal): Promise<void> {
    const { log } = this.ports;
    if (this.after === undefined) this.after = await log.head();
    this.begun.resolve();
    const from = this.after === null ? {} : { after: this.after };
    const filter = { types: [...TOLD.keys()] };
    for await (const batch of log.subscribeToAll({ ...from, filter, signal })) {
      for (const { data, type } of batch.events)
        this.tell(String(data['address']), data['sessionId'] ?? data['keyId'], TOLD.get(type) ?? null);
      this.after = batch.scannedTo;
      progress();
    }
  }

  /** @param sessionId or a key's; absent: it is of all of the person's */
  private tell(address: string, sessionId: unknown, why: Closing | null): void {
    this.ports.onChanged(address);
    if (why === null) return;
    for (const [onEnded, listening] of this.listeners.get(address) ?? [])
      if (sessionId === undefined || sessionId === listening) onEnded(why);
  }
}
