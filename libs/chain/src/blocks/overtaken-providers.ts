import type { ChainRpc } from '../rpc/chain-rpc.js';
import { ChainBehindError } from './errors.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { type Header, quantity, readHeader } from './answers.js';

/**
 * Finds the provider that stands still, or lags, while others of its chain go on: it answers whatever it is asked, so that nothing
 * else tells. Others are asked beside, now and then, and nobody waits for them.
 */
export class OvertakenProviders {
  /** The newest block that others told when they were asked last. */
  #told = -1;
  #overtaken: { readonly provider: Provider; readonly by: number } | null = null;
  #nextAt = 0;

  constructor(
    private readonly rpc: ChainRpc,
    /** For so long a block must be known elsewhere. */
    private readonly everyMs: number,
  ) {}

  /**
   * Takes note of the newest block that a provider tells.
   * @throws ChainBehindError where others have had its next blocks for a while
   */
  note(provider: Provider, { hash, number }: Header): void {
    const overtaken = this.#overtaken;
    this.#overtaken = null;
    if (overtaken?.provider === provider && number < overtaken.by) {
      const problem = `The newest block that ${provider.shownUrl} tells is ${number}; others have had block ${overtaken.by} for a while`;
      const details = { provider: provider.shownUrl, head: number, others: overtaken.by };
      throw new ChainBehindError(problem, details, {
        provider: provider.shownUrl,
        block: { number, hash },
      });
    }
    if (performance.now() < this.#nextAt) return;
    this.#nextAt = Infinity;
    void this.#look(provider, { hash, number }).finally(
      () => (this.#nextAt = performance.now() + this.everyMs),
    );
  }

  /** What others told alone would let one of them stop all: that they have the block after this one is what counts. */
  async #look(provider: Provider, { hash, number }: Pick<Header, 'hash' | 'number'>): Promise<void> {
    const toldBefore = this.#told;
    const heads = await this.#othersSay(provider, 'latest');
    this.#told = Math.max(-1, ...heads.map((head) => head?.number ?? -1));
    if (toldBefore <= number) return;
    const next = await this.#othersSay(provider, quantity(number + 1));
    if (next.some((header) => header?.parentHash === hash)) this.#overtaken = { provider, by: toldBefore };
  }

  /** One that fails here is not set aside: it was asked for nothing that is needed. */
  #othersSay(provider: Provider, block: string): Promise<readonly (Header | null)[]> {
    const others = this.rpc.othersThan(provider);
    return Promise.all(others.map((other) => headerOf(other, block).catch(() => null)));
  }
}

/** Null where it has no such block. */
async function headerOf(provider: Provider, block: string): Promise<Header | null> {
  const given = await provider.request('eth_getBlockByNumber', block, false);
  return given === null ? null : readHeader(new Reading(provider.shownUrl, `block ${block}`), given);
}
