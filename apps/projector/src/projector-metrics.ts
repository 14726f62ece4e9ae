import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ProjectorStatus } from './projector-status.js';

/** What Prometheus scrapes: read from the status at each scrape. */
export function projectorMetrics(status: () => Promise<ProjectorStatus>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const lag = new Gauge({
    name: 'abland_projection_lag_positions',
    help: 'Positions between a projection and the head of the log',
    labelNames: ['projection', 'target'],
    registers,
  });
  new Gauge({
    name: 'abland_log_head_position',
    help: 'Newest position of the log',
    registers,
    async collect() {
      const { head, projections } = await status();
      this.set(Number(head ?? 0n));
      for (const { name, target, behind } of projections) {
        lag.set({ projection: name, target }, Number(behind ?? 0n));
      }
    },
  });
  return registry;
}
