import type { BlockProof, HexData } from '@abland/domain';
import type { Provider } from '../rpc/provider.js';
import type { Block, Log } from './answers.js';
import { BloomFilter } from './bloom.js';
import { createdTokens } from './created-tokens.js';
import { fetchEvidence, fetchLogs, fetchPlainBlocks, type FetchOptions } from './fetch-blocks.js';
import type { Evidence } from './prove-block.js';

/** Whose logs are looked for. Addresses in lower case. */
export interface Ours {
  readonly contracts: readonly HexData[];
  readonly tokenFactory: HexData;
  /** Those that are known; more may be created in the blocks. */
  readonly tokens: readonly HexData[];
}

/**
 * What was read of a block. WHOLE: everything. RULED_OUT: no log, since its bloom filter has none of ours. FILTERED: the logs that a
 * provider gives for our addresses.
 */
export type OurEvidence = Evidence & { readonly read: 'WHOLE' | 'RULED_OUT' | 'FILTERED' };

export interface OursOptions extends FetchOptions {
  readonly ours: Ours;
  /** Where it is none, what a provider gives for our addresses is believed; else blocks that may have logs of ours are read whole. */
  readonly least: BlockProof;
}

/** Addresses that a provider is asked for at once. */
const ADDRESSES_MAX = 1_000;

/**
 * What one provider says of a range of blocks where few have logs of ours: all headers and transactions, and of logs and receipts
 * those of the blocks whose bloom filter does not rule ours out, also of tokens that are created in the range, and of those with a
 * transaction to our contracts: whether it was reverted, which leaves no log, is shown by all receipts of its block alone.
 * @throws as fetchBlocks
 */
export async function fetchOurs(
  provider: Provider,
  from: number,
  to: number,
  options: OursOptions,
): Promise<readonly OurEvidence[]> {
  const { contracts, tokenFactory, tokens } = options.ours;
  const blocks = await fetchPlainBlocks(provider, from, to);
  const blooms = new Map(blocks.map((block) => [block, new BloomFilter(block.header.logsBloom)]));
  const called = options.least === 'NONE' ? new Set() : new Set(blocks.filter(callsAny(contracts)));
  const found = new Map<Block, OurEvidence>();
  const known = new Set([...contracts, ...tokens]);
  for (let asked: ReadonlySet<HexData> = known; asked.size > 0;) {
    const isFirst = found.size === 0;
    const may = blocks.filter(
      (block) =>
        found.get(block)?.read !== 'WHOLE' &&
        (called.has(block) || blooms.get(block)?.mayHaveAny(asked) === true),
    );
    if (may.length === 0) break;
    const isFiltered = isFirst && options.least === 'NONE' && known.size <= ADDRESSES_MAX;
    const read = isFiltered ? await filtered(provider, may, known) : await whole(provider, may, options);
    for (const evidence of read) found.set(evidence.block, evidence);
    const created = read.flatMap((evidence) => createdTokens(logsOf(evidence), tokenFactory));
    asked = new Set(created.filter((token) => !known.has(token)));
    for (const token of asked) known.add(token);
  }
  return blocks.map((block) => found.get(block) ?? { block, logs: [], receipts: null, read: 'RULED_OUT' });
}

const callsAny =
  (contracts: readonly HexData[]) =>
  ({ transactions }: Block): boolean =>
    transactions.some(({ to }) => to !== null && contracts.includes(to));

async function whole(
  provider: Provider,
  blocks: readonly Block[],
  options: FetchOptions,
): Promise<readonly OurEvidence[]> {
  const evidence = await fetchEvidence(provider, blocks, options);
  return evidence.map((one) => ({ ...one, read: 'WHOLE' }));
}

async function filtered(
  provider: Provider,
  blocks: readonly Block[],
  addresses: ReadonlySet<HexData>,
): Promise<readonly OurEvidence[]> {
  const numbers = blocks.map(({ header }) => header.number);
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
  const given = await fetchLogs(provider, [{ from, to, addresses: [...addresses] }]);
  const logs = Map.groupBy(given, ({ blockNumber }) => blockNumber);
  return blocks.map((block) => {
    const own = (logs.get(block.header.number) ?? []).toSorted((a, b) => a.logIndex - b.logIndex);
    return { block, logs: own, receipts: null, read: 'FILTERED' };
  });
}

const logsOf = ({ logs, receipts }: Evidence): readonly Log[] =>
  receipts === null ? logs : receipts.flatMap((receipt) => receipt.logs);
