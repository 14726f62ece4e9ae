import type { HexData } from '@abland/domain';
import type { Logger } from '@abland/kernel';
import { InconsistentBlockError } from '../rpc/errors.js';
import type { BlockReference, ChainBlock } from '../blocks/chain-block.js';
import type { Coverage } from './coverage.js';
import { EarlierReading, type EarlierTokens, type Missing, readEarlier } from './earlier-reading.js';
import type { ChainMessage } from './messages.js';

export interface EarlierLogsOptions {
  readonly source: {
    /** Lower-case addresses whose logs its blocks have. */
    readonly followed: readonly HexData[];
    blocks(from: number, to: number): Promise<readonly ChainBlock[]>;
  };
  readonly startBlock: number;
  readonly tokens: EarlierTokens | null;
  readonly logger: Logger;
}

/** How far the logs of contracts are brought along that are followed from later on. */
export interface Bringing {
  readonly contracts: readonly HexData[];
  /** Null before the first block. */
  readonly through: number | null;
}

/** With so few blocks left they are read at once. */
const LEFT_MAX = 50;

/**
 * Brings along what contracts did before they were followed. Their final blocks are read again beside the live stream; each block that
 * is published takes with it what was read meanwhile, and says how far that goes. Once no final block is left, the next one brings the
 * rest, and from it on blocks have the logs of these contracts: so those come in their order, each with one block, and once.
 */
export class EarlierLogs {
  #reading: EarlierReading | null = null;
  #bringing: Bringing | null = null;

  constructor(private readonly options: EarlierLogsOptions) {}

  get bringing(): Bringing | null {
    return this.#bringing;
  }

  /**
   * Messages whose blocks say whose logs they have, and the first of which brings more along.
   * @param coverage of what was published; null where nothing was: then nothing is to be brought
   * @throws InconsistentBlockError where the chain changed meanwhile; what reading its blocks failed of, once it cannot help to try again
   */
  async bring(
    messages: readonly ChainMessage[],
    coverage: Coverage | null,
    final: BlockReference | null,
  ): Promise<readonly ChainMessage[]> {
    // Below what was final, what was read is of the branch that is taken back.
    if (messages.some((message) => message.kind === 'reverted' && message.isAccepted === true)) this.stop();
    const first = messages.find((message) => message.kind === 'block')?.block;
    if (first === undefined || coverage === null) return messages;
    const { behind, missing } = this.#since(coverage, first);
    if (missing.size === 0) {
      this.stop();
      return told(messages, { followed: this.options.source.followed, behind });
    }
    const reading = (this.#reading ??= new EarlierReading(this.options, missing));
    reading.readUpTo(final?.number ?? -1);
    const taken = reading.take();
    const reached = taken.missing;
    const lowest = lowestOf(reached);
    if (
      Math.max(lowest, this.options.startBlock - 1) >=
      Math.min(final?.number ?? -1, first.number - 1 - LEFT_MAX)
    ) {
      this.stop();
      const rest = await this.#rest(reached, first);
      const followed = this.options.source.followed;
      return told(messages, { followed, behind }, [...taken.blocks, ...rest], [...missing.keys()]);
    }
    this.#bringing = { contracts: [...missing.keys()], through: lowest < 0 ? null : lowest };
    const followed = this.options.source.followed.filter((address) => !missing.has(address));
    const further = [...reached].flatMap(([at, block]) => (block === null ? [] : [[at, block] as const]));
    const now = { followed, behind: { ...behind, ...Object.fromEntries(further) } };
    return told(messages, now, taken.blocks, [...missing.keys()]);
  }

  /** What was read and not published is read again. */
  stop(): void {
    this.#reading?.stop();
    this.#reading = null;
    this.#bringing = null;
  }

  /** Contracts that are let go of with this block, or were before, and how far those were published that are followed and miss logs. */
  #since(
    { behind: before, followed }: Coverage,
    { number, parentHash, time }: ChainBlock,
  ): { readonly behind: Coverage['behind']; readonly missing: Missing } {
    const wanted = this.options.source.followed;
    const parent = { number: number - 1, hash: parentHash, time };
    const letGo = followed.filter((address) => !wanted.includes(address));
    const left = Object.entries(before).filter(([address]) => !wanted.includes(address));
    const added = wanted.filter((address) => !followed.includes(address));
    return {
      behind: Object.fromEntries([...left, ...letGo.map((address) => [address, parent] as const)]),
      missing: new Map(added.map((address) => [address, before[address] ?? null])),
    };
  }

  /** @throws InconsistentBlockError */
  async #rest(missing: Missing, first: ChainBlock): Promise<ChainBlock['earlier'] & object> {
    const { blocks, last } = await readEarlier(this.options, missing, first.number - 1);
    if (last === null || last.hash === first.parentHash) return blocks;
    throw new InconsistentBlockError(`Block ${first.hash} does not follow the blocks before it`, {
      ...{ number: first.number, parentHash: first.parentHash, found: last.hash },
    });
  }
}

function lowestOf(missing: Missing): number {
  return Math.min(...[...missing.values()].map((block) => block?.number ?? -1));
}

/** Every block says whose logs it has; the first one brings earlier blocks along. */
function told(
  messages: readonly ChainMessage[],
  { behind, followed }: Coverage,
  earlier: ChainBlock['earlier'] & object = [],
  earlierOf: readonly HexData[] = [],
): readonly ChainMessage[] {
  let isFirst = earlier.length > 0;
  return messages.map((message): ChainMessage => {
    if (message.kind !== 'block') return message;
    const { behind: _, ...block } = message.block;
    const logs = block.logs.filter(
      ({ address }) => followed.includes(address) || !earlierOf.includes(address),
    );
    const along = isFirst ? { earlier, earlierOf } : {};
    isFirst = false;
    const more = Object.keys(behind).length === 0 ? {} : { behind };
    return { ...message, block: { ...block, logs, followed, ...more, ...along } };
  });
}
