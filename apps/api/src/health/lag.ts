import { type EventStore, joined, type Json, type Position, systemTiming } from '@abland/kernel';
import {
  chainHead,
  type ChainHead,
  openDriftCount,
  parkedLogCount,
  projectionStatus,
  type ReadModel,
  reconciliationProgress,
} from '@abland/projections';
import type pg from 'pg';
import type { StageWatch, ToldHead } from '../stages/stage-watch.js';

/** How far the answers are, measured against the log. */
export interface LogLag {
  /** What the slowest read model has handled; null before the first event. */
  readonly position: Position | null;
  readonly logHead: Position | null;
  /** Age of the oldest event that a read model has not seen; 0 where they have seen all, and there alone. */
  readonly lagSeconds: number;
}

/** How far the answers are, measured against a chain. */
export interface ChainLag {
  readonly chain: ChainHead;
  /** The newest block that the indexer has seen; null where it has seen none or says nothing. */
  readonly chainHead: number | null;
  /** Since the chain last told the indexer its newest block; null where it never did, or no indexer says anything. */
  readonly contactSeconds: number | null;
  readonly lagBlocks: number | null;
  /** How much was found to differ from the chain, and does still; null where no projector tells it yet. */
  readonly drifts: number | null;
  /** Logs that became no fact, for an operator to decide on; null where no projector counts them yet. */
  readonly parkedLogs: number | null;
}

export interface LagPorts {
  readonly log: EventStore;
  /** Milliseconds, by the clock of the database, which events are recorded by where the log is there: this program's is another's. */
  readonly storeTime: () => Promise<number>;
  readonly readModel: ReadModel;
  /** Where the read models lie. */
  readonly readPool: pg.Pool;
  /** The newest block of a chain in the log stream; null where it is not known. */
  readonly publishedHead: (chainId: number) => Promise<number | null>;
  readonly stages: StageWatch;
}

/** What the indexer tells is a moment old, so that it may have published more since; unless it fails, and the chain's head is another. */
function newestBlock(published: number | null, { failure, number }: ToldHead): number | null {
  if (number === null) return published;
  return failure === null ? Math.max(number, published ?? number) : number;
}

/** Of an event that was recorded just now, or by a clock before ours. */
const LAG_SECONDS_MIN = 0.001;

export class LagReader {
  /** Everybody may ask, often and many times at once: together they cost one look at a time. */
  readonly ofLog = joined(() => this.lookAtLog());
  private readonly chains = new Map<number, () => Promise<ChainLag>>();
  /** What a read model has not seen, since we first looked at it: by our own clock, that long at least. */
  private unseen: { readonly position: Position; readonly since: number } | null = null;

  constructor(private readonly ports: LagPorts) {}

  /** @param chainId of a chain that is served */
  ofChain(chainId: number): Promise<ChainLag> {
    const look = this.chains.get(chainId) ?? joined(() => this.lookAtChain(chainId));
    this.chains.set(chainId, look);
    return look();
  }

  private async lookAtLog(): Promise<LogLag> {
    const logHead = await this.ports.log.head();
    const position = await this.slowestPosition(logHead);
    return { position, logHead, lagSeconds: await this.lagSeconds(position, logHead) };
  }

  private async lookAtChain(chainId: number): Promise<ChainLag> {
    const [chain, published, told, drifts, parkedLogs] = await Promise.all([
      chainHead(this.ports.readModel, chainId),
      this.ports.publishedHead(chainId),
      this.ports.stages.chainHead(chainId),
      openDriftCount(this.ports.readModel, chainId),
      parkedLogCount(this.ports.readModel, chainId),
    ]);
    const newest = newestBlock(published, told);
    const lagBlocks = newest === null ? null : Math.max(0, newest - (chain.number ?? -1));
    return { chain, chainHead: newest, contactSeconds: told.contactSeconds, lagBlocks, drifts, parkedLogs };
  }

  /** How far the comparing with the chain is, as it was written; null where nothing was ever compared. */
  async ofReconciliation(chainId: number): Promise<Json | null> {
    return (await reconciliationProgress(this.ports.readPool, chainId))?.progress ?? null;
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
      if (oldest === undefined) continue;
      const age = ((await this.ports.storeTime()) - Date.parse(oldest.recordedAt)) / 1000;
      return Math.max(age, this.seenFor(oldest.position), LAG_SECONDS_MIN);
    }
    return 0;
  }

  private seenFor(position: Position): number {
    const now = systemTiming.now();
    if (this.unseen?.position !== position) this.unseen = { position, since: now };
    return (now - this.unseen.since) / 1000;
  }
}
