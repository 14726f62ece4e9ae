import { chainStream, type BlockIngested } from '@abland/domain';
import type { EventStore, Logger } from '@abland/kernel';
import { quantity } from '../blocks/answers.js';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { ChainBehindError, ReorgTooDeepError } from '../blocks/errors.js';
import { Reading } from '../rpc/reading.js';
import { ChainNotOfLogError } from './errors.js';
import { restoreChain } from '../ingest/restore.js';

export interface ChainOfLogOptions {
  readonly eventStore: EventStore;
  readonly chainId: number;
  /** As ChainRpc takes them. */
  readonly rpcUrls: readonly string[];
  readonly requestsPerSecond?: number | undefined;
  readonly logger: Logger;
  /** Milliseconds for which the newest final block is taken from memory. */
  readonly finalMsMax?: number;
}

interface Block {
  readonly number: number;
  readonly hash: string;
}

/** Blocks grow old without harm: a chain that has a later one has this one, too. */
const FINAL_MS_MAX = 10_000;

/**
 * Whether the provider's chain is the one whose blocks are in the log, and not another one with the same id, or what is left of it
 * after a restoration. Nothing may be sent to another.
 */
export class ChainOfLog {
  readonly #rpc: ChainRpc;
  #first: Block | null = null;
  #final: (Block & { readonly readAt: number }) | null = null;

  constructor(private readonly options: ChainOfLogOptions) {
    const { chainId, logger, requestsPerSecond, rpcUrls: urls } = options;
    this.#rpc = new ChainRpc({ urls, chainId, requestsPerSecond, logger });
  }

  /**
   * The provider must have the newest block that the log holds as final.
   * @throws ChainBehindError where it does not have it (any more, or yet)
   * @throws ReorgTooDeepError where it has another in its place
   * @throws ChainNotOfLogError where even the first block is another, if any
   * @throws WrongChainError
   * @throws RpcUnavailableError, RpcResponseError where that is not known: no provider answers
   */
  async require(): Promise<void> {
    const final = await this.#newestFinal();
    if (final === null) return;
    const found = await this.#hashAt(final.number);
    if (found === final.hash) return;
    const first = await this.#firstBlock();
    const other = first === null ? null : await this.#hashAt(first.number);
    if (first !== null && other !== null && other !== first.hash) throw this.#notOfLog(first, other);
    throw found === null ? this.#behind(final) : this.#tooDeep(final, found);
  }

  close(): void {
    this.#rpc.close();
  }

  async #hashAt(number: number): Promise<string | null> {
    return this.#rpc.ask(async (provider) => {
      const given = await provider.request('eth_getBlockByNumber', quantity(number), false);
      if (given === null) return null;
      const reading = new Reading(provider.shownUrl, `block ${number}`);
      return reading.hash(reading.object(given), 'hash');
    });
  }

  async #newestFinal(): Promise<Block | null> {
    const { chainId, eventStore, finalMsMax = FINAL_MS_MAX } = this.options;
    const now = performance.now();
    if (this.#final !== null && now - this.#final.readAt < finalMsMax) return this.#final;
    const { finalized } = (await restoreChain(eventStore, chainId)).window;
    this.#final = finalized === null ? null : { ...finalized, readAt: now };
    return finalized;
  }

  async #firstBlock(): Promise<Block | null> {
    return (this.#first ??= await firstBlockOf(this.options));
  }

  #notOfLog({ number, hash }: Block, actual: string): ChainNotOfLogError {
    const { chainId } = this.options;
    return new ChainNotOfLogError(
      `Block ${number} of chain ${chainId}, in the log as ${hash}, is ${actual} for the provider: it serves another chain of this id`,
      { chainId, number, expected: hash, actual },
    );
  }

  #behind({ number, hash }: Block): ChainBehindError {
    const { chainId } = this.options;
    return new ChainBehindError(
      `The provider does not have block ${number} of chain ${chainId}, which is final in the log`,
      { chainId, number, expected: hash },
    );
  }

  #tooDeep({ number, hash }: Block, actual: string): ReorgTooDeepError {
    const { chainId } = this.options;
    return new ReorgTooDeepError(
      `Block ${number} of chain ${chainId}, final in the log as ${hash}, is ${actual} for the provider: a reorg goes below what was final`,
      { chainId, number, expected: hash, actual },
    );
  }
}

/**
 * The first block after the genesis that the log holds of a chain; null where it holds none. New chains of development have one
 * genesis in common.
 */
async function firstBlockOf({ chainId, eventStore }: ChainOfLogOptions): Promise<Block | null> {
  for await (const page of eventStore.readStream(chainStream(chainId))) {
    for (const { data, type } of page) {
      if (type !== 'BlockIngested') continue;
      const { number, hash } = data as BlockIngested['data'];
      if (number > 0) return { number, hash };
    }
  }
  return null;
}
