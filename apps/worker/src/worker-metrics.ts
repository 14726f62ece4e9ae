import { isWell, joined, type ReaderStatus } from '@abland/kernel';
import { addCounter, addGauge, addRuntimeMetrics } from '@abland/platform';
import type { ProcessStatus, SenderPartStatus } from '@abland/processes';
import { Registry } from 'prom-client';
import type { ChainAnchorStatus, ChainStatus, WorkerStatus } from './worker-status.js';

type ReadStatus = () => Promise<WorkerStatus>;

/** What Prometheus scrapes: read from the status once at each scrape. */
export function workerMetrics(readStatus: ReadStatus, readers: () => readonly ReaderStatus[]): Registry {
  const registry = new Registry();
  const status = joined(readStatus);
  addRuntimeMetrics(registry);
  addIngestionMetrics(registry, status);
  addReaderMetrics(registry, readers);
  addSenderMetrics(registry, status);
  addProcessMetrics(registry, status);
  addAnchorMetrics(registry, status);
  return registry;
}

function addIngestionMetrics(registry: Registry, status: ReadStatus): void {
  const of = (read: (chain: ChainStatus) => number) => async () =>
    (await status()).chains.map((chain) => [{ chain: chain.chainId }, read(chain)] as const);
  const ingested = {
    name: 'abland_ingested_block',
    help: 'Number of the newest block ingested by this worker',
  };
  addGauge(
    registry,
    { ...ingested, labels: ['chain'] },
    of(({ ingester }) => ingester?.ingested?.number ?? 0),
  );
  const parked = {
    name: 'abland_ingester_parked_logs_total',
    help: 'Logs that became no fact, since the start',
  } as const;
  addCounter(
    registry,
    { ...parked, labels: ['chain'] },
    of(({ ingester }) => ingester?.parkedLogs ?? 0),
  );
}

/** Of the accounts that pay for relayed commands. What is not known is not told. */
function addSenderMetrics(registry: Registry, status: ReadStatus): void {
  const gauge = (name: string, help: string, read: (sender: SenderPartStatus) => number | null): void =>
    addGauge(registry, { name, help, labels: ['chain', 'relayer'] }, async () =>
      (await status()).chains.flatMap(({ chainId: chain, senders }) =>
        senders.flatMap((sender) => {
          const value = read(sender);
          return value === null ? [] : [[{ chain, relayer: sender.relayer }, value] as const];
        }),
      ),
    );
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

function addProcessMetrics(registry: Registry, status: ReadStatus): void {
  const gauge = (name: string, help: string, read: (process: ProcessStatus) => number): void =>
    addGauge(registry, { name, help, labels: ['process'] }, async () =>
      (await status()).processes.map((process) => [{ process: process.name }, read(process)]),
    );
  gauge('abland_process_parked', 'Commands and events that were parked', ({ parked }) => parked);
  gauge('abland_process_leading', '1 where this worker runs the process', ({ leading }) => (leading ? 1 : 0));
}

/** Of the log's tree on the chains. What is not known, or another worker does, is not told. */
function addAnchorMetrics(registry: Registry, status: ReadStatus): void {
  const gauge = (name: string, help: string, read: (anchor: ChainAnchorStatus) => number | null): void =>
    addGauge(registry, { name, help, labels: ['chain'] }, async () =>
      (await status()).anchors.flatMap((anchor) => {
        const value = anchor.state === 'STANDBY' ? null : read(anchor);
        return value === null ? [] : [[{ chain: anchor.chainId }, value] as const];
      }),
    );
  gauge(
    'abland_anchored_events',
    'Events in the newest tree of the log that the chain has',
    ({ anchored }) => anchored?.treeSize ?? null,
  );
  gauge('abland_anchor_age_seconds', 'Since that tree was anchored', ({ anchored }) =>
    anchored === null ? null : anchored.ageMs / 1_000,
  );
  gauge(
    'abland_anchor_late_seconds',
    'For how long a newer tree has been due to be anchored; 0 where none is',
    ({ lateMs }) => (lateMs ?? 0) / 1_000,
  );
  gauge('abland_anchor_hindered', '1 where anchoring fails, or stands', (anchor) => (isWell(anchor) ? 0 : 1));
}

/** Of the log stream, by topic. */
function addReaderMetrics(registry: Registry, readers: () => readonly ReaderStatus[]): void {
  const gauge = (name: string, help: string, read: (reader: ReaderStatus) => number | null): void =>
    addGauge(registry, { name, help, labels: ['topic'] }, () =>
      readers().flatMap((reader) => {
        const value = read(reader);
        return value === null ? [] : [[{ topic: reader.topic }, value] as const];
      }),
    );
  gauge(
    'abland_log_stream_lag_messages',
    'Messages that are there and were not read yet, at most',
    ({ lag }) => (lag === null ? null : Number(lag)),
  );
  const letGo = {
    name: 'abland_log_stream_let_go_records_total',
    help: 'Records that no publisher wrote, or one that had been followed, since reading began',
  } as const;
  addCounter(registry, { ...letGo, labels: ['topic'] }, () =>
    readers().map((reader) => [{ topic: reader.topic }, reader.letGo] as const),
  );
}
