import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { WorkerStatus } from './worker-status.js';

/** What Prometheus scrapes: read from the status at each scrape. */
export function workerMetrics(status: () => Promise<WorkerStatus>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const ingested = new Gauge({
    name: 'abland_ingested_block',
    help: 'Number of the newest block ingested by this worker',
    labelNames: ['chain'],
    registers,
  });
  const undecodable = new Gauge({
    name: 'abland_ingester_undecodable_logs',
    help: 'Logs set aside since the start',
    labelNames: ['chain'],
    registers,
  });
  const parked = new Gauge({
    name: 'abland_process_parked',
    help: 'Commands and events that wait for an operator',
    labelNames: ['process'],
    registers,
  });
  new Gauge({
    name: 'abland_process_leading',
    help: '1 where this worker runs the process',
    labelNames: ['process'],
    registers,
    async collect() {
      const { chains, processes } = await status();
      for (const { chainId, ingester } of chains) {
        ingested.set({ chain: chainId }, ingester?.ingested?.number ?? 0);
        undecodable.set({ chain: chainId }, ingester?.undecodableLogs ?? 0);
      }
      for (const process of processes) {
        this.set({ process: process.name }, process.leading ? 1 : 0);
        parked.set({ process: process.name }, process.parked);
      }
    },
  });
  return registry;
}
