import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ProjectorStatus } from './projector-status.js';

/** What Prometheus scrapes: read from the status at each scrape. */
export function projectorMetrics(status: () => Promise<ProjectorStatus>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const ingested = new Gauge({
    name: 'abland_ingested_block',
    help: 'Number of the newest block ingested by this projector',
    registers,
  });
  const undecodable = new Gauge({
    name: 'abland_ingester_undecodable_logs',
    help: 'Logs set aside since the start',
    registers,
  });
  const lag = new Gauge({
    name: 'abland_projection_lag_positions',
    help: 'Positions between a projection and the head of the log',
    labelNames: ['projection', 'target'],
    registers,
  });
  const leading = new Gauge({
    name: 'abland_process_leading',
    help: '1 where this projector runs the process',
    labelNames: ['process'],
    registers,
  });
  const parked = new Gauge({
    name: 'abland_process_parked',
    help: 'Commands and events that wait for an operator',
    labelNames: ['process'],
    registers,
  });
  new Gauge({
    name: 'abland_log_head_position',
    help: 'Newest position of the log',
    registers,
    async collect() {
      const { head, ingester, processes, projections } = await status();
      this.set(Number(head ?? 0n));
      ingested.set(ingester?.ingested?.number ?? 0);
      undecodable.set(ingester?.undecodableLogs ?? 0);
      for (const { name, target, behind } of projections) {
        lag.set({ projection: name, target }, Number(behind ?? 0n));
      }
      for (const process of processes) {
        leading.set({ process: process.name }, process.leading ? 1 : 0);
        parked.set({ process: process.name }, process.parked);
      }
    },
  });
  return registry;
}
