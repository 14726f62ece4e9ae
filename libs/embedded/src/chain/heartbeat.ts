export interface HeartbeatOptions {
  /** Empty blocks wanted above the newest block with transactions. */
  readonly finalityDepth: number;
  readonly intervalMs: number;
}

/**
 * Mines empty blocks after trading stops, until everything is final by depth; then rests, so that an idle chain does not
 * grow. `onBlock` is told of every change of the head.
 */
export class Heartbeat {
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    private readonly options: HeartbeatOptions,
    private readonly emptyBlocks: () => number,
    private readonly mine: () => Promise<unknown>,
    private readonly onError: (error: unknown) => void,
  ) {}

  onBlock(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped || this.emptyBlocks() >= this.options.finalityDepth) return;
    this.#timer = setTimeout(() => {
      this.mine().catch(this.onError);
    }, this.options.intervalMs);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
