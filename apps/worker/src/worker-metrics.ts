import type { ReaderStatus } from '@abland/kernel';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { SenderPartStatus } from '@abland/processes';
import type { WorkerStatus } from './worker-status.js';

/** What Prometheus scrapes: read from the status at each scrape. */
export function workerMetrics(
  status: () => Promise<WorkerStatus>,
  readers: () => readonly ReaderStatus[],
): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const ingested = new Gauge({
    name: 'abland_ingested_block',
    help: 'Number of the newest block ingested by this worker',
    labelNames: ['chain'],
    registers,
  });
  const parkedLogs = new Gauge({
    name: 'abland_ingester_parked_logs',
    help: 'Logs that became no fact, since the start',
    labelNames: ['chain'],
    registers,
  });
  addReaderMetrics(registry, readers);
  addSenderMetrics(registry, status);
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
        parkedLogs.set({ chain: chainId }, ingester?.parkedLogs ?? 0);
      }
      for (const process of processes) {
        this.set({ process: process.name }, process.leading ? 1 : 0);
        parked.set({ process: process.name }, process.parked);
      }
    },
  });
  return registry;
}

/** Of the accounts that pay for relayed commands. What is not known is not told. */
function addSenderMetrics(registry: Registry, status: () => Promise<WorkerStatus>): void {
  const gauge = (name: string, help: string, read: (sender: SenderPartStatus) => number | null): void => {
    registry.registerMetric(
      new Gauge({
        ...{ name, help, labelNames: ['chain', 'relayer'], registers: [] },
        async collect() {
          this.reset();
          for (const { chainId: chain, senders } of (await status()).chains) {
            for (const sender of senders) {
              const value = read(sender);
              if (value !== null) this.set({ chain, relayer: sender.relayer }, value);
            }
          }
        },
      }),
    );
  };
  gauge(
    'abland_relayer_balance_wei',
    'Balance of the account that pays for relayed commands',
    ({ balanceWei }) => (balanceWei === null ? null : Number(balanceWei)),
  );
  gauge(
    'abland_relayer_waiting_transactions',
    'Transactions of the account that are not mined',
    ({ waiting }) => waiting,
  );
  gauge(
    'abland_relayer_oldest_waiting_seconds',
    'For how long the oldest of them has been seen waiting; 0 where none waits',
    ({ oldestWaitingMs }) => (oldestWaitingMs ?? 0) / 1_000,
  );
  gauge(
    'abland_relayer_hindered',
    '1 where the account takes no new work while another can: it cannot pay, is stuck, is full, has no key, or fails',
    ({ failure }) => (failure === null ? 0 : 1),
  );
}

/** Of the log stream, by topic. */
function addReaderMetrics(registry: Registry, readers: () => readonly ReaderStatus[]): void {
  const gauge = (name: string, help: string, read: (reader: ReaderStatus) => number | null): void => {
    registry.registerMetric(
      new Gauge({
        ...{ name, help, labelNames: ['topic'], registers: [] },
        collect() {
          this.reset();
          for (const reader of readers()) {
            const value = read(reader);
            if (value !== null) this.set({ topic: reader.topic }, value);
          }
        },
      }),
    );
  };
  gauge(
    'abland_log_stream_lag_messages',
    'Messages that are there and were not read yet, at most',
    ({ lag }) => (lag === null ? null : Number(lag)),
  );
  gauge(
    'abland_log_stream_let_go_records',
    'Records that no publisher wrote, or one that had been followed, since reading began',
    ({ letGo }) => letGo,
  );
}
