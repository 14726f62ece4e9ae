import { addCounter } from '@abland/platform';
import type { SnapshotStatistics } from '@abland/snapshots';
import type { Registry } from 'prom-client';

export function addSnapshotMetrics(registry: Registry, statistics: () => SnapshotStatistics): void {
  const help =
    'What became of loads of aggregates with endless streams, and of their snapshots; `differed` means a defect';
  addCounter(registry, { name: 'abland_snapshots_total', help, labels: ['outcome'] }, () =>
    Object.entries(statistics()).map(([outcome, count]) => [
      { outcome: outcome.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) },
      Number(count),
    ]),
  );
}
