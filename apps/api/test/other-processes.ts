import { once } from 'node:events';
import type { EventBatch, EventStore, SubscribeOptions } from '@abland/kernel';
import { Registry } from 'prom-client';
import { type ApiDependencies, type RunningApi, startApi } from '../src/index.js';
import { type ApiClient, createClient } from './api-client.js';
import type { TestApi } from './test-api.js';

/** Other processes of the API on the same log. */
export class OtherProcesses {
  private readonly running: RunningApi[] = [];

  constructor(private readonly first: () => TestApi) {}

  async start(config: object = {}, over: Partial<ApiDependencies> = {}): Promise<ApiClient> {
    const { dependencies } = this.first();
    const running = await startApi({
      ...dependencies,
      ...over,
      config: { ...dependencies.config, ...config },
      metrics: over.metrics ?? new Registry(),
    });
    this.running.push(running);
    return createClient(running.url);
  }

  /** One that hears nothing of the log unless it asks. */
  startDeaf(): Promise<ApiClient> {
    return this.start({}, { store: unheard(this.first().dependencies.store) });
  }

  async stop(): Promise<void> {
    for (const one of this.running) await one.stop();
  }
}

const unheard = (log: EventStore): EventStore =>
  new Proxy(log, {
    get(target, key) {
      if (key === 'subscribeToAll') return silence;
      const found: unknown = Reflect.get(target, key);
      return typeof found === 'function' ? (found.bind(target) as unknown) : found;
    },
  });

async function* silence({ signal }: SubscribeOptions): AsyncGenerator<EventBatch> {
  if (signal?.aborted === false) await once(signal, 'abort');
  yield* [];
}
