import { type EventStore, type Logger, type Position, supervise, type Supervised } from '@abland/kernel';

export interface SessionWatchPorts {
  readonly log: EventStore;
  readonly logger: Logger;
  /** Is told of everybody a session of whom ended. */
  readonly onEnded: (address: string) => void;
}

/** Whose session it is. */
export interface WatchedSession {
  readonly address: string;
  readonly sessionId: string;
}

/** Hears of every session's end, by whichever program, so that what it left open here is closed. */
export class SessionWatch {
  /** By address. */
  private readonly listeners = new Map<string, Map<() => void, string>>();
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
  listen({ address, sessionId }: WatchedSession, onEnded: () => void): () => void {
    const listeners = this.listeners.get(address) ?? new Map<() => void, string>();
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
    const filter = { types: ['UserErased', 'SessionEnded'] };
    for await (const batch of log.subscribeToAll({ ...from, filter, signal })) {
      for (const { data } of batch.events) this.tell(String(data['address']), data['sessionId']);
      this.after = batch.scannedTo;
      progress();
    }
  }

  /** @param sessionId absent: all of the person's ended */
  private tell(address: string, sessionId: unknown): void {
    this.ports.onEnded(address);
    for (const [onEnded, listening] of this.listeners.get(address) ?? [])
      if (sessionId === undefined || sessionId === listening) onEnded();
  }
}
