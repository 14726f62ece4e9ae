import type { ProviderStatus } from '@abland/chain';
import { addCounter, addGauge, type CounterName, type Sample } from '@abland/platform';
import type { Registry } from 'prom-client';
import type { IndexerStatus } from './start-indexer.js';

type Samples = (provider: ProviderStatus) => readonly Sample[];

const LABELS = ['chain', 'provider', 'place'];

/**
 * How the providers of each chain are, read whenever it is asked for. A provider is told by its host, and by its place in the order
 * of preference: two of them may have the same host.
 */
export function addProviderMetrics(registry: Registry, status: () => readonly IndexerStatus[]): void {
  const of = (read: Samples) => () =>
    status().flatMap(({ chainId: chain, providers }) =>
      providers.flatMap((provider, index) => {
        const place = { chain, provider: provider.url, place: index + 1 };
        return read(provider).map(([labels, value]) => [{ ...place, ...labels }, value] as const);
      }),
    );
  const counter = (name: CounterName, help: string, read: Samples, more: readonly string[] = []): void =>
    addCounter(registry, { name, help, labels: [...LABELS, ...more] }, of(read));
  const gauge = (name: string, help: string, read: (provider: ProviderStatus) => number | null): void => {
    const samples: Samples = (provider) => {
      const value = read(provider);
      return value === null ? [] : [[{}, value]];
    };
    addGauge(registry, { name, help, labels: LABELS }, of(samples));
  };
  const counts =
    (label: string, of: (provider: ProviderStatus) => Readonly<Record<string, number>>): Samples =>
    (provider) =>
      Object.entries(of(provider)).map(([name, count]) => [{ [label]: name }, count]);

  counter('abland_indexer_provider_requests_total', 'Requests to a provider', ({ requests }) => [
    [{}, requests],
  ]);
  counter(
    'abland_indexer_provider_failures_total',
    'Failures of a provider, by what they ask for: LATER, LESS, ANOTHER, WRONG',
    counts('class', ({ faultsByClass }) => faultsByClass),
    ['class'],
  );
  counter(
    'abland_indexer_provider_discrepancies_total',
    'What a provider told that does not hold together, by what was wrong',
    counts('kind', ({ discrepancies }) => discrepancies),
    ['kind'],
  );
  counter(
    'abland_indexer_provider_budget_wait_seconds_total',
    'Seconds that requests waited since no more may be sent to a provider in a second',
    ({ budgetWaitMs = 0 }) => [[{}, budgetWaitMs / 1000]],
  );
  gauge('abland_indexer_provider_latency_seconds', 'Median of the last answers', ({ latencyMs }) =>
    latencyMs === null ? null : latencyMs / 1000,
  );
  gauge('abland_indexer_provider_answer_age_seconds', 'Seconds since the last answer', ({ answerAgeMs }) =>
    answerAgeMs === null ? null : answerAgeMs / 1000,
  );
  gauge('abland_indexer_provider_head_block', 'Number of the newest block that it told', ({ head }) => head);
  gauge('abland_indexer_provider_aside', '1 while it is asked after all others', ({ asideMs }) =>
    asideMs > 0 ? 1 : 0,
  );
}
