import type { HexData } from '@abland/domain';
import { isWorthTelling, retrying, Wakeup } from '@abland/kernel';
import type { BlockLog, BlockReference, ChainBlock, EarlierBlock } from '../blocks/chain-block.js';
import { InconsistentBlockError } from '../rpc/errors.js';
import type { EarlierLogsOptions } from './earlier-logs.js';
import { sizeOfLogs } from './cut-messages.js';

/** Contracts whose logs are to be read again, each with the last block of which they were published; null for none. */
export type Missing = ReadonlyMap<HexData, BlockReference | null>;

/** Of the tokens that a factory created before it was followed. */
export interface EarlierTokens {
  /** Learns of those that these logs create, where their factory is among the contracts. */
  learnEarlier(logs: readonly BlockLog[], contracts: Missing): Promise<void>;
  /** Whether a token is one of them. */
  isEarlier(token: HexData): boolean;
}

/** Blocks with logs of them, and the last block that was read; null for none. */
interface Read {
  readonly blocks: readonly EarlierBlock[];
  readonly last: BlockReference | null;
}

/** Blocks asked for at once. */
const RANGE = 50;
/** Of logs that wait for a block that takes them along. */
const BYTES_MAX = 4_000_000;
const RETRY_PAUSE_MS = { min: 100, max: 10_000 };
const IDLE_MS = 60_000;

type Options = Pick<EarlierLogsOptions, 'source' | 'startBlock' | 'tokens'>;

/**
 * Reads again from the lowest of them up to a block, included.
 * @throws InconsistentBlockError where what is read does not follow what was published
 */
export async function readEarlier(options: Options, missing: Missing, to: number): Promise<Read> {
  const blocks: EarlierBlock[] = [];
  let [reached, last]: [Missing, BlockReference | null] = [missing, null];
  for (let from = nextOf(options, reached); from <= to; from = nextOf(options, reached)) {
    const range = await readRange(options, reached, from, Math.min(to, from + RANGE - 1));
    blocks.push(...range.blocks);
    last = range.last;
    reached = after(reached, last);
  }
  return { blocks, last };
}

function nextOf({ startBlock }: Options, missing: Missing): number {
  return Math.min(...[...missing.values()].map((block) => (block === null ? startBlock : block.number + 1)));
}

/** What is missing once all blocks up to this one were read. */
function after(missing: Missing, last: BlockReference | null): Missing {
  if (last === null) return missing;
  return new Map(
    [...missing].map(([address, block]) => [address, (block?.number ?? -1) < last.number ? last : block]),
  );
}

async function readRange(
  { source, tokens }: Options,
  missing: Missing,
  from: number,
  to: number,
): Promise<Read & { readonly last: BlockReference }> {
  let last = [...missing.values()].find((block) => block?.number === from - 1) ?? null;
  const found: EarlierBlock[] = [];
  for (const block of await source.blocks(from, to)) {
    if (last !== null && block.parentHash !== last.hash) throw unlinked(block, last);
    const { commands, hash, number, time } = block;
    last = { number, hash, time };
    const due = new Map([...missing].filter(([, through]) => (through?.number ?? -1) < number));
    await tokens?.learnEarlier(block.logs, due);
    const logs = block.logs.filter(({ address }) => due.has(address) || tokens?.isEarlier(address) === true);
    if (logs.length > 0) found.push({ number, hash, time, logs, commands });
  }
  if (last === null) throw new InconsistentBlockError(`There are no blocks ${from} to ${to}`, { from, to });
  return { blocks: found, last };
}

function unlinked({ hash, number }: ChainBlock, previous: BlockReference): InconsistentBlockError {
  return new InconsistentBlockError(`Block ${hash} does not follow ${previous.hash}`, { number });
}

/** Reads again beside all else, until so much waits to be taken along. */
export class EarlierReading {
  readonly #ending = new AbortController();
  readonly #wakeup = new Wakeup();
  #blocks: EarlierBlock[] = [];
  #bytes = 0;
  #to = -1;
  #failure: { readonly error: unknown } | null = null;
  #missing: Missing;

  constructor(
    private readonly options: EarlierLogsOptions,
    missing: Missing,
  ) {
    this.#missing = missing;
    void this.#run().catch((error: unknown) => (this.#failure = { error }));
  }

  readUpTo(number: number): void {
    this.#to = number;
    this.#wakeup.wake();
  }

  /** What was read since the last time, and what is missing after it. @throws what reading failed of */
  take(): { readonly blocks: readonly EarlierBlock[]; readonly missing: Missing } {
    if (this.#failure !== null) throw this.#failure.error;
    const blocks = this.#blocks;
    [this.#blocks, this.#bytes] = [[], 0];
    this.#wakeup.wake();
    return { blocks, missing: this.#missing };
  }

  stop(): void {
    this.#ending.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const from = nextOf(this.options, this.#missing);
      const to = Math.min(this.#to, from + RANGE - 1);
      if (from > to || this.#bytes >= BYTES_MAX) {
        await this.#wakeup.wait(IDLE_MS, signal);
        continue;
      }
      const { blocks, last } = await this.#readRange(from, to);
      if (signal.aborted) return;
      this.#blocks.push(...blocks);
      this.#bytes += blocks.reduce((sum, { logs }) => sum + sizeOfLogs(logs), 0);
      this.#missing = after(this.#missing, last);
    }
  }

  #readRange(from: number, to: number): Promise<Read & { readonly last: BlockReference }> {
    return retrying(() => readRange(this.options, this.#missing, from, to), {
      pauseMs: RETRY_PAUSE_MS,
      signal: this.#ending.signal,
      onRetry: ({ attempts, error, pauseMs }) => {
        if (!isWorthTelling(attempts)) return;
        const { logger } = this.options;
        logger.warn({ err: error, attempts, pauseMs, from, to }, 'Earlier blocks cannot be read again now');
      },
    });
  }
}
