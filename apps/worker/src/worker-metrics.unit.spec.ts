import type { ReaderStatus } from '@abland/kernel';
import type { SenderPartStatus } from '@abland/processes';
import { describe, expect, it } from '@jest/globals';
import { workerMetrics } from './worker-metrics.js';

const part = { state: 'RUNNING', failure: null } as never;

describe('the metrics of the worker', () => {
  const status = () => Promise.resolve({ chains: [], processes: [], anchors: [], undone: [], degraded: [] });

  it('tell of each reader of the log stream how far it is behind and what it let go of, while it reads', async () => {
    let readers: readonly ReaderStatus[] = [
      { topic: 'abland.chain-1', lag: 12n, letGo: 3 },
      { topic: 'abland.chain-2', lag: null, letGo: 0 },
    ];
    const registry = workerMetrics(status, () => readers);
    const said = await registry.metrics();
    expect(said).toContain('abland_log_stream_lag_messages{topic="abland.chain-1"} 12');
    expect(said).not.toContain('abland_log_stream_lag_messages{topic="abland.chain-2"}');
    expect(said).toContain('abland_log_stream_let_go_records_total{topic="abland.chain-1"} 3');
    readers = [];
    expect(await registry.metrics()).not.toContain('topic="abland.chain-1"');
  });

  it('look once at each scrape, whatever they tell of', async () => {
    let looks = 0;
    const registry = workerMetrics(
      () => {
        looks += 1;
        return status();
      },
      () => [],
    );
    await registry.metrics();
    expect(looks).toBe(1);
    await registry.metrics();
    expect(looks).toBe(2);
  });

  it('tell of each chain and process at the first look already, and count what was parked', async () => {
    const ingester = { ingested: { number: 12 }, parkedLogs: 2 } as never;
    const chains = [{ chainId: 7, provider: part, ingestion: part, ingester, senders: [] }];
    const processes = [{ name: 'settlement-7', leading: true, parked: 1 }] as never;
    const now = () => Promise.resolve({ chains, processes, anchors: [], undone: [], degraded: [] });
    const said = await workerMetrics(now, () => []).metrics();
    expect(said).toContain('abland_ingested_block{chain="7"} 12');
    expect(said).toContain('# TYPE abland_ingester_parked_logs_total counter');
    expect(said).toContain('abland_ingester_parked_logs_total{chain="7"} 2');
    expect(said).toContain('abland_process_parked{process="settlement-7"} 1');
    expect(said).toContain('abland_process_leading{process="settlement-7"} 1');
  });

  it('tell what the account of relayed commands has, and for how long its oldest transaction waits', async () => {
    const relayer = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
    const told = { relayer, balanceWei: '5000', waiting: 2, oldestWaitingMs: 61_000, part };
    let senders: readonly SenderPartStatus[] = [
      { ...told, hindrance: 'RELAYER_STUCK', failure: 'RELAYER_STUCK' },
    ];
    const chains = () => [{ chainId: 7, provider: part, ingestion: part, ingester: null, senders }];
    const registry = workerMetrics(
      () => Promise.resolve({ chains: chains(), processes: [], anchors: [], undone: [], degraded: [] }),
      () => [],
    );
    const labels = `{chain="7",relayer="${relayer}"}`;
    const said = await registry.metrics();
    expect(said).toContain(`abland_relayer_balance_wei${labels} 5000`);
    expect(said).toContain(`abland_relayer_waiting_transactions${labels} 2`);
    expect(said).toContain(`abland_relayer_oldest_waiting_seconds${labels} 61`);
    expect(said).toContain(`abland_relayer_hindered${labels} 1`);
    const well = { relayer, balanceWei: null, waiting: 0, oldestWaitingMs: null, part };
    const another = { ...well, relayer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' };
    senders = [well, another].map((one) => ({ ...one, hindrance: null, failure: null }));
    const later = await registry.metrics();
    expect(later).not.toContain(`abland_relayer_balance_wei${labels}`);
    expect(later).toContain(`abland_relayer_oldest_waiting_seconds${labels} 0`);
    expect(later).toContain(`abland_relayer_hindered{chain="7",relayer="${another.relayer}"} 0`);
    senders = [];
    expect(await registry.metrics()).not.toContain(relayer);
  });
});
