import type { Clock, EventStore, Position } from '@abland/kernel';
import { chainHead, type ChainHead, projectionStatus, type ReadModel } from '@abland/projections';
import type pg from 'pg';

/** How far the answers are, measured against the log. */
export interface LogProgress {
  /** What the slowest read model has handled; null before the first event. */
  readonly position: Position | null;
  readonly logHead: Position | null;
  /** Age of the oldest event that a read model has not seen; 0 where they have seen all. */
  readonly lagSeconds: number;
}

/** How far the answers are, measured against a chain. */
export interface ChainProgress {
  readonly chain: ChainHead;
  /** The newest block that the indexer has seen; null where it has seen none or says nothing. */
  readonly chainHead: number | null;
  readonly lagBlocks: number | null;
}

export interface ProgressPorts {
  readonly log: EventStore;
  readonly clock: Clock;
  readonly readModel: ReadModel;
  /** Where the read models lie. */
  readonly readPool: pg.Pool;
  /** The newest block of a chain that the indexer has seen; null where it is not known. */
  readonly chainHead: (chainId: number) => Promise<number | null>;
}

export class ProgressReader {
  constructor(private readonly ports: ProgressPorts) {}

  async ofLog(): Promise<LogProgress> {
    const logHead = await this.ports.log.head();
    const position = await this.slowestPosition(logHead);
    return { position, logHead, lagSeconds: await this.lagSeconds(position, logHead) };
  }

  async ofChain(chainId: number): Promise<ChainProgress> {
    const [chain, newest] = await Promise.all([
      chainHead(this.ports.readModel, chainId),
      this.ports.chainHead(chainId),
    ]);
    const lagBlocks = newest === null ? null : Math.max(0, newest - (chain.number ?? -1));
    return { chain, chainHead: newest, lagBlocks };
  }

  private async slowestPosition(logHead: Position | null): Promise<Position | null> {
    const rows = await projectionStatus(this.ports.readPool, logHead);
    return rows
      .filter(({ target }) => target === 'live')
      .reduce<Position | null>(
        (least, { checkpoint }, index) =>
          index === 0 || (checkpoint ?? 0n) < (least ?? 0n) ? checkpoint : least,
        null,
      );
  }

  private async lagSeconds(position: Position | null, logHead: Position | null): Promise<number> {
    if (logHead === null || (position !== null && position >= logHead)) return 0;
    const after = position === null ? {} : { after: position };
    for await (const page of this.ports.log.readAll({ ...after, maxCount: 1 })) {
      const oldest = page[0];
      if (oldest !== undefined) {
        return Math.max(0, (this.ports.clock() - Date.parse(oldest.recordedAt)) / 1000);
      }
    }
    return 0;
  }
}
