import { type EventStore, type Logger, type Position, supervise, type Supervised } from '@abland/kernel';

export interface ErasureWatchPorts {
  readonly log: EventStore;
  readonly logger: Logger;
}

/** Hears of every erasure, by whichever program, so that what a session left open here is closed. */
export class ErasureWatch {
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly begun = Promise.withResolvers<void>();
  /** How far the log was read; undefined until it is known where to begin. */
  private after: Position | null | undefined;
  private running: Supervised | null = null;

  constructor(private readonly ports: ErasureWatchPorts) {}

  start(): void {
    const run = ({ progress, signal }: { progress: () => void; signal: AbortSignal }): Promise<void> =>
      this.follow(progress, signal);
    this.running = supervise({ name: 'erasure-watch', run }, { logger: this.ports.logger });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  /** Settles once no erasure can be missed any more. */
  get ready(): Promise<void> {
    return this.begun.promise;
  }

  /** @returns what ends the listening */
  listen(address: string, onErased: () => void): () => void {
    const listeners = this.listeners.get(address) ?? new Set();
    this.listeners.set(address, listeners.add(onErased));
    return () => {
      listeners.delete(onErased);
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
    for await (const batch of log.subscribeToAll({ ...from, filter: { types: ['UserErased'] }, signal })) {
      for (const { data } of batch.events) this.tell(String(data['address']));
      this.after = batch.scannedTo;
      progress();
    }
  }

  private tell(address: string): void {
    for (const onErased of this.listeners.get(address) ?? []) onErased();
  }
}
