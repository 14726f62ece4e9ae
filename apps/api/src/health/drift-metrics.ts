import { addGauge } from '@abland/platform';
import type { Registry } from 'prom-client';

/** Of a chain that cannot be looked at now, or of which it is not known, nothing is told. */
export function addDriftMetrics(
  registry: Registry,
  chainIds: readonly number[],
  driftsOf: (chainId: number) => Promise<number | null>,
): void {
  const help = 'Things in the answers that are known to differ from the chain';
  addGauge(registry, { name: 'abland_api_drift', help, labels: ['chain'] }, async () => {
    const looks = await Promise.allSettled(chainIds.map(driftsOf));
    return looks.flatMap((look, index) =>
      look.status === 'fulfilled' && look.value !== null
        ? [[{ chain: chainIds[index] ?? 0 }, look.value] as const]
        : [],
    );
  });
}
