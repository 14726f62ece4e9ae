import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { addCounter, addGauge, type Sample } from './told-metrics.js';

describe.each([
  ['gauge', addGauge],
  ['counter', addCounter],
])('a %s that is told', (kind, add) => {
  let samples: readonly Sample[] = [[{ chain: 7 }, 3]];
  const registry = new Registry();
  add(registry, { name: 'told', help: 'What is known', labels: ['chain'] }, async () => samples);

  it('is what is known when it is asked for, at the first time too, and no longer than it is known', async () => {
    expect(await registry.metrics()).toContain(`# TYPE told ${kind}`);
    expect(await registry.metrics()).toContain('told{chain="7"} 3');
    samples = [[{ chain: 8 }, 2]];
    const later = await registry.metrics();
    expect(later).toContain('told{chain="8"} 2');
    expect(later).not.toContain('chain="7"');
  });
});
