import { type RunningAnchoring, startAnchoring } from '@abland/audit';
import { openChainAnchors } from '@abland/chain';
import type { Clock, EventStore, Logger, RecordedEvent, Running } from '@abland/kernel';
import type { AnchoringConfig, ChainConfig } from '@abland/platform';
import type pg from 'pg';
import type { ChainAnchorStatus } from './worker-status.js';

export interface AnchorsOptions {
  /** Those without the contract are left out. */
  readonly chains: readonly ChainConfig[];
  readonly anchoring: Pick<AnchoringConfig, 'privateKey' | 'intervalMinutes'>;
  /** Of the log. */
  readonly origin: string;
  /** The most that a transaction offers for a unit of gas. */
  readonly maxFeeGwei: number;
  /** As programs read it. */
  readonly store: EventStore;
  /** As it is stored. */
  readonly log: EventStore;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ChainAnchoring extends Running {
  status(): ChainAnchorStatus;
}

const MS_PER_MINUTE = 60_000;
/** What blocks and anchors tell of themselves, and what is recorded each day of read models that nothing changed. */
const TELLS_NOTHING: ReadonlySet<string> = new Set([
  'BlockIngested',
  'BlocksFinalized',
  'StateChecksumsRecorded',
  'TreeHeadAnchored',
]);
export const isTelling = ({ type }: Pick<RecordedEvent, 'type'>): boolean => !TELLS_NOTHING.has(type);

/** Anchors the log's tree on every chain that has the contract. */
export function startAnchors(options: AnchorsOptions): readonly ChainAnchoring[] {
  return options.chains.flatMap((chain) => {
    const { checkpoint } = chain.contracts;
    return checkpoint === null ? [] : [startOn(chain, checkpoint, options)];
  });
}

function startOn(chain: ChainConfig, checkpoint: string, options: AnchorsOptions): ChainAnchoring {
  const { chainId, requestsPerSecond, rpcUrls } = chain;
  const { anchoring, clock, log, logger, maxFeeGwei, origin, pool, store } = options;
  const { intervalMinutes, privateKey } = anchoring;
  const asked = { chainId, checkpoint, requestsPerSecond, rpcUrls };
  const place = openChainAnchors({ ...asked, origin, privateKey, maxFeeGwei, store, logger });
  const running: RunningAnchoring = startAnchoring({
    ...{ name: `anchor-${chainId}`, place, pool, log, isTelling, clock, logger },
    intervalMs: intervalMinutes * MS_PER_MINUTE,
  });
  return {
    ...running,
    stop: () => running.stop().finally(() => place.close()),
    status: () => ({ ...running.status(), chainId }),
  };
}
