export interface EmptyBlocksOptions {
  /** Empty blocks wanted above the newest block with transactions. */
  readonly finalityDepth: number;
  readonly intervalMs: number;
}

/** What the miner looks at and moves. */
export interface MinedChain {
  /** Empty blocks above the newest one with transactions. */
  emptyBlocks(): number;
  /** Whether something else waits for blocks to come. */
  isAwaited(): Promise<boolean>;
  mine(): Promise<unknown>;
}

/**
 * Mines empty blocks after trading stops, until everything is final by depth and nothing else waits for blocks; then
 * rests, so that an idle chain does not grow. `onBlock` is told of every change of the head.
 */
export class EmptyBlockMiner {
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    private readonly options: EmptyBlocksOptions,
    private readonly chain: MinedChain,
    private readonly onError: (error: unknown) => void,
  ) {}

  onBlock(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.chain.emptyBlocks() < this.options.finalityDepth) this.#schedule();
    else this.#scheduleWhereAwaited().catch(this.onError);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #scheduleWhereAwaited(): Promise<void> {
    if (!this.#stopped && (await this.chain.isAwaited())) this.#schedule();
  }

  #schedule(): void {
    if (this.#stopped || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.chain.mine().catch(this.onError);
    }, this.options.intervalMs);
  }
}
