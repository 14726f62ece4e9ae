import { Gauge, type Registry } from 'prom-client';

/** Read at each scrape; of a chain that cannot be looked at now nothing is told. */
export function addDriftMetrics(
  registry: Registry,
  chainIds: readonly number[],
  driftsOf: (chainId: number) => Promise<number>,
): void {
  registry.registerMetric(
    new Gauge({
      name: 'abland_api_drift',
      help: 'Things in the answers that are known to differ from the chain',
      labelNames: ['chain'],
      registers: [],
      async collect() {
        const looks = await Promise.allSettled(chainIds.map(driftsOf));
        this.reset();
        for (const [index, look] of looks.entries())
          if (look.status === 'fulfilled') this.set({ chain: chainIds[index] ?? 0 }, look.value);
      },
    }),
  );
}
