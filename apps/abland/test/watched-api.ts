import { createApiClient } from '../src/demo/api-client.js';
import type { SystemUnderTest } from './system-under-test.js';

/** Often, and never so that a busy machine has less left for what else is under way. */
const ASK_AGAIN_MS = 250;

/** Asks the API again and again, as its users do, and keeps what it did not answer. */
export class WatchedApi {
  readonly failures: unknown[] = [];
  answers = 0;
  readonly #done = new AbortController();
  readonly #watching: Promise<void>;

  constructor(system: SystemUnderTest) {
    this.#watching = this.#watch(createApiClient(system.apiUrl));
  }

  async stop(): Promise<this> {
    this.#done.abort();
    await this.#watching;
    return this;
  }

  async #watch(api: ReturnType<typeof createApiClient>): Promise<void> {
    while (!this.#done.signal.aborted) {
      try {
        await api.query('{ pools(first: 1) { edges { node { reserveA } } } chains { state } }');
        this.answers += 1;
      } catch (error) {
        this.failures.push(error);
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}
