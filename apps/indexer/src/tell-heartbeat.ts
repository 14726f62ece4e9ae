import type { PublisherStatus } from '@abland/chain';
import {
  type Heartbeats,
  type Logger,
  type PartRun,
  type PublisherReport,
  supervise,
  type Supervised,
  systemTiming,
} from '@abland/kernel';

export interface HeartbeatOptions {
  readonly chainId: number;
  readonly status: () => PublisherStatus;
  readonly heartbeats: Heartbeats;
  readonly logger: Logger;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 1_000;

/** Tells again and again how the publisher of a chain is, as long as it is the one that leads. */
export function tellHeartbeat(options: HeartbeatOptions): Supervised {
  const { chainId, heartbeats, intervalMs = INTERVAL_MS, logger, status } = options;
  const run = async ({ progress, signal }: PartRun): Promise<void> => {
    while (!signal.aborted) {
      await heartbeats.tell(reportOf(chainId, status()));
      progress();
      await systemTiming.pause(intervalMs, signal);
    }
  };
  return supervise({ name: `heartbeat-${chainId}`, run }, { logger });
}

function reportOf(chainId: number, status: PublisherStatus): PublisherReport {
  const { contactAgeMs, failure, following: state, head, published } = status;
  return {
    ...{ chainId, state, contactAgeMs },
    reason: failure?.code ?? null,
    head: head === null ? null : { number: head.number, hash: head.hash, time: head.time },
    published: published?.number ?? null,
  };
}
