import { joined } from '@abland/kernel';
import { addGauge, addRuntimeMetrics } from '@abland/platform';
import { Registry } from 'prom-client';
import type { ProjectorStatus } from './projector-status.js';

/** What Prometheus scrapes: read from the status once at each scrape. */
export function projectorMetrics(readStatus: () => Promise<ProjectorStatus>): Registry {
  const registry = new Registry();
  const status = joined(readStatus);
  addRuntimeMetrics(registry);
  addGauge(
    registry,
    {
      name: 'abland_projection_lag_positions',
      help: 'Positions between a projection and the head of the log',
      labels: ['projection', 'target'],
    },
    async () =>
      (await status()).projections.map(({ behind, name, target }) => [
        { projection: name, target },
        Number(behind ?? 0n),
      ]),
  );
  addGauge(
    registry,
    {
      name: 'abland_projection_violations',
      help: 'How often what a projection keeps did not add up, since its tables were begun',
      labels: ['projection', 'target'],
    },
    async () =>
      (await status()).projections.map(({ name, target, violations }) => [
        { projection: name, target },
        violations,
      ]),
  );
  addGauge(registry, { name: 'abland_log_head_position', help: 'Newest position of the log' }, async () => [
    [{}, Number((await status()).head ?? 0n)],
  ]);
  return registry;
}
