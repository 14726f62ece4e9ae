import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { addCounter, addGauge, type Sample } from './told-metrics.js';

describe.each([
  ['gauge', 'abland_told', addGauge],
  ['counter', 'abland_told_total', addCounter],
] as const)('a %s that is told', (kind, name, add) => {
  let samples: readonly Sample[] = [[{ chain: 7 }, 3]];
  const registry = new Registry();
  add(
    registry,
    { name: name as 'abland_told_total', help: 'What is known', labels: ['chain'] },
    async () => samples,
  );

  it('is what is known when it is asked for, at the first time too, and no longer than it is known', async () => {
    expect(await registry.metrics()).toContain(`# TYPE ${name} ${kind}`);
    expect(await registry.metrics()).toContain(`${name}{chain="7"} 3`);
    samples = [[{ chain: 8 }, 2]];
    const later = await registry.metrics();
    expect(later).toContain(`${name}{chain="8"} 2`);
    expect(later).not.toContain('chain="7"');
  });
});
