import type { ReaderStatus } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { workerMetrics } from './worker-metrics.js';

describe('the metrics of the worker', () => {
  const status = () => Promise.resolve({ chains: [], processes: [], undone: [] });

  it('tell of each reader of the log stream how far it is behind and what it let go of, while it reads', async () => {
    let readers: readonly ReaderStatus[] = [
      { topic: 'abland.chain-1', lag: 12n, letGo: 3 },
      { topic: 'abland.chain-2', lag: null, letGo: 0 },
    ];
    const registry = workerMetrics(status, () => readers);
    const said = await registry.metrics();
    expect(said).toContain('abland_log_stream_lag_messages{topic="abland.chain-1"} 12');
    expect(said).not.toContain('abland_log_stream_lag_messages{topic="abland.chain-2"}');
    expect(said).toContain('abland_log_stream_let_go_records{topic="abland.chain-1"} 3');
    readers = [];
    expect(await registry.metrics()).not.toContain('topic="abland.chain-1"');
  });
});
