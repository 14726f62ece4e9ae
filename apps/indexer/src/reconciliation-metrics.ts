import type { ReconcilerStatus } from '@abland/chain';
import { addCounter, addGauge, type CounterName } from '@abland/platform';
import type { Registry } from 'prom-client';

/** What comparing read models with the chain came to, read whenever it is asked for. */
export function addReconciliationMetrics(
  registry: Registry,
  status: () => readonly ReconcilerStatus[],
): void {
  const samplesOf = (read: (now: ReconcilerStatus) => number | null) => () =>
    status().flatMap((now) => {
      const value = read(now);
      return value === null ? [] : [[{ chain: now.chainId }, value] as const];
    });
  const gauge = (name: string, help: string, read: (now: ReconcilerStatus) => number | null): void =>
    addGauge(registry, { name, help, labels: ['chain'] }, samplesOf(read));
  const counter = (name: CounterName, help: string, read: (now: ReconcilerStatus) => number | null): void =>
    addCounter(registry, { name, help, labels: ['chain'] }, samplesOf(read));
  gauge('abland_reconciliation_drift', 'Things that read models and the chain differ in', ({ open }) => open);
  counter(
    'abland_reconciliation_compared_total',
    'Things compared since the chain was first compared',
    (now) => (now.block === null ? null : now.compared),
  );
  gauge('abland_reconciliation_block', 'Number of the block compared last', ({ block }) => block);
  gauge('abland_reconciliation_age_seconds', 'Seconds since something was compared', (now) =>
    now.comparedAgeMs === null ? null : now.comparedAgeMs / 1000,
  );
  counter(
    'abland_reconciliation_disputed_total',
    'Things that providers said different things of, since the start',
    ({ disputed }) => disputed,
  );
  counter(
    'abland_reconciliation_unanswered_total',
    'Things that no provider answered for, since the start',
    ({ unanswered }) => unanswered,
  );
}
