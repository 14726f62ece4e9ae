import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { problemOfName } from './metric-names.js';
import { addCounter, addGauge } from './told-metrics.js';

const read = (): [] => [];

describe('the name of a metric', () => {
  it.each([
    ['abland_indexer_reorgs_total', 'counter'],
    ['abland_indexer_contact_age_seconds', 'gauge'],
    ['abland_indexer_head_block', 'gauge'],
    ['abland_relayer_balance_wei', 'gauge'],
  ] as const)('may be %s of a %s', (name, kind) => expect(problemOfName(name, kind)).toBeNull());

  it.each([
    ['abland_indexer_reorgs', 'counter', 'is counted, and does not end in _total'],
    ['abland_indexer_reorgs_total', 'gauge', 'is not counted, and ends in _total'],
    ['abland_indexer_latency_ms', 'gauge', 'is not in a base unit'],
    ['abland_indexer_waited_milliseconds_total', 'counter', 'is not in a base unit'],
    ['abland_indexer_blocks_count', 'gauge', 'ends as what histograms tell'],
    ['indexer_blocks', 'gauge', 'is not of the form abland_…'],
    ['abland_Blocks', 'gauge', 'is not of the form abland_…'],
  ] as const)('is not %s of a %s', (name, kind, problem) => expect(problemOfName(name, kind)).toBe(problem));

  it('is refused before a program tells it', () => {
    const registry = new Registry();
    expect(() => addGauge(registry, { name: 'abland_x_total', help: 'x' }, read)).toThrow('abland_x_total');
    expect(() => addCounter(registry, { name: 'abland_x_ms_total', help: 'x' }, read)).toThrow('base unit');
    expect(registry.getMetricsAsArray()).toEqual([]);
  });
});
