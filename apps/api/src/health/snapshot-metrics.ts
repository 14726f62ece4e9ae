import type { SnapshotStatistics } from '@abland/snapshots';
import { Counter, type Registry } from 'prom-client';

/** Read at each scrape. */
export function addSnapshotMetrics(registry: Registry, statistics: () => SnapshotStatistics): void {
  new Counter({
    name: 'abland_snapshots_total',
    help: 'What became of loads of aggregates with endless streams, and of their snapshots; `differed` means a defect',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(statistics())) {
        this.inc(
          { outcome: outcome.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) },
          Number(count),
        );
      }
    },
  });
}
