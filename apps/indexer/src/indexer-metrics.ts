import { addCounter, addGauge, addRuntimeMetrics, type CounterName } from '@abland/platform';
import { Registry } from 'prom-client';
import { addProviderMetrics } from './provider-metrics.js';
import type { ChainFollowing } from './index-alone.js';
import type { IndexerStatus } from './start-indexer.js';

type Status = () => readonly IndexerStatus[];

/** Prometheus metrics that are read from the status of each chain whenever they are asked for. */
export function indexerMetrics(status: Status): Registry {
  const registry = new Registry();
  addRuntimeMetrics(registry);
  addPlaces(gaugeOf(registry, status));
  addTroubles(gaugeOf(registry, status));
  addPublished(registry, status);
  addProviderMetrics(registry, status);
  return registry;
}

type AddGauge = (name: string, help: string, read: (now: IndexerStatus) => number | null) => void;

/** A gauge of each chain; where there is nothing to read, there is none. */
const gaugeOf =
  (registry: Registry, status: Status): AddGauge =>
  (name, help, read) =>
    addGauge(registry, { name, help, labels: ['chain'] }, () =>
      status().flatMap((now) => {
        const value = read(now);
        return value === null ? [] : [[{ chain: now.chainId }, value] as const];
      }),
    );

/** Where it is on the chain, and how fast it goes on. */
function addPlaces(gauge: AddGauge): void {
  gauge('abland_indexer_head_block', 'Number of the newest block', ({ head }) => head?.number ?? null);
  gauge(
    'abland_indexer_published_block',
    'Number of the newest published block',
    ({ published }) => published?.number ?? null,
  );
  gauge(
    'abland_indexer_finalized_block',
    'Number of the newest final block',
    (now) => now.finalized?.number ?? null,
  );
  gauge('abland_indexer_lag_blocks', 'Blocks between head and published', ({ lagBlocks }) => lagBlocks);
  gauge(
    'abland_indexer_blocks_per_second',
    'Blocks published a second, lately',
    (now) => now.blocksPerSecond,
  );
  gauge('abland_indexer_seconds_left', 'Seconds until the head at this rate', (now) => now.secondsLeft);
}

function addTroubles(gauge: AddGauge): void {
  gauge('abland_indexer_contact_age_seconds', 'Seconds since the chain was last heard of', (now) =>
    now.contactAgeMs === null ? null : now.contactAgeMs / 1000,
  );
  gauge('abland_indexer_behind', '1 while the head of the provider lies below what was published', (now) =>
    now.following === 'BEHIND' ? 1 : 0,
  );
  gauge('abland_indexer_stopped', '1 while a person has to decide before it goes on', (now) =>
    now.following === 'STOPPED' ? 1 : 0,
  );
  gauge('abland_indexer_failing', '1 while the last attempt failed', ({ failure }) =>
    failure === null ? 0 : 1,
  );
}

/** Since the start. */
function addPublished(registry: Registry, status: Status): void {
  const counter = (name: CounterName, help: string, read: (now: IndexerStatus) => number): void =>
    addCounter(registry, { name, help, labels: ['chain'] }, () =>
      status().map((now) => [{ chain: now.chainId }, read(now)] as const),
    );
  counter(
    'abland_indexer_blocks_published_total',
    'Blocks published since the start',
    (now) => now.blocksPublished,
  );
  counter(
    'abland_indexer_blocks_read_ahead_total',
    'Blocks published since the start that another indexer had read and proved',
    (now) => now.blocksReadAhead,
  );
  counter('abland_indexer_reorgs_total', 'Reorgs published since the start', ({ reorgs }) => reorgs);
  const proved = {
    name: 'abland_indexer_blocks_proved_total',
    help: 'Blocks published since the start, by what proved them',
  } as const;
  addCounter(registry, { ...proved, labels: ['chain', 'proof'] }, () =>
    status().flatMap(({ chainId: chain, proofs }) =>
      Object.entries(proofs).map(([proof, count]) => [{ chain, proof }, count] as const),
    ),
  );
  const agreed = {
    name: 'abland_indexer_blocks_agreed_total',
    help: 'Blocks published since the start, by how many providers had the same one',
  } as const;
  addCounter(registry, { ...agreed, labels: ['chain', 'providers'] }, () =>
    status().flatMap(({ agreed: counts, chainId: chain }) =>
      Object.entries(counts).map(([providers, count]) => [{ chain, providers }, count] as const),
    ),
  );
}

/** Of what this indexer reads for another one. */
export function addReadAheadMetrics(registry: Registry, status: () => readonly ChainFollowing[]): void {
  const help = 'Ranges of blocks read and proved for the indexer that follows the chain, since the start';
  addCounter(registry, { name: 'abland_indexer_ranges_read_for_others_total', help, labels: ['chain'] }, () =>
    status().map((one) => [{ chain: one.chainId }, one.rangesReadAhead] as const),
  );
}
