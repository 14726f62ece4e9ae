import { type Logger, Slices } from '@abland/kernel';
import type { BlockProof, HexData } from '@abland/domain';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { InconsistentBlockError, RpcResponseError, RpcTooMuchError } from '../rpc/errors.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { agreed } from './agreement.js';
import { type Header, quantity, readHeader } from './answers.js';
import { BlockAssembly } from './assemble-block.js';
import type { BlockReference, ChainBlock, FollowedContracts, TokensInOrder } from './chain-block.js';
import type { DataFeeTold } from './data-fee-field.js';
import { fetchBlocks, type FetchOptions } from './fetch-blocks.js';
import { fetchOurs } from './fetch-ours.js';
import { OvertakenProviders } from './overtaken-providers.js';
import { type Evidence, isHashed, proveBlock, type Proven } from './prove-block.js';
import { proveOurs } from './prove-ours.js';
import { ReadingWay } from './reading-way.js';
import { trieRoot } from './trie-root.js';

export interface BlockReaderOptions {
  readonly logger: Logger;
  readonly proof?: ProofWanted;
  /** Whether all logs are read, or those of blocks that may have some of ours. Default: by what the last blocks had. */
  readonly logs?: 'ALL' | 'OURS';
  /** Where receipts tell what was paid for data on the chain below. Default: as they show by themselves. */
  readonly dataFee?: DataFeeTold;
  /** How many providers must have the same block. Default: one. */
  readonly quorum?: number;
  /** How what a provider said of a block is held against itself. Default: as it must be. */
  readonly prove?: typeof proveBlock;
  /** Milliseconds for which a provider's newest block may lie behind that of another. */
  readonly behindOthersMsMax?: number;
}

export interface ProofWanted {
  /** What each block must be proved by. */
  readonly least: BlockProof;
  /** Whether receipts are asked for of every block that may have logs, or only of the newest ones. */
  readonly receipts: 'ALL' | 'NEWEST';
}

const PROOF_WANTED: ProofWanted = { least: 'BLOOM', receipts: 'ALL' };

/** So many blocks count as the newest ones. */
const NEWEST_BLOCKS = 4;
const BEHIND_OTHERS_MS_MAX = 5_000;

/** Root of a trie of nothing. */
const NO_TRANSACTIONS = trieRoot([]);

/** Reads blocks with all that matters of them; what a provider says is believed only once it is proved as far as it can be. */
export class BlockReader {
  readonly #assembly: BlockAssembly;
  readonly #proof: ProofWanted;
  /** Whether the chain's headers have the hash of their fields; null before the first, and once they had they must. */
  #hashed: boolean | null;
  /** Beyond any before it was asked for: no block is known to be among the newest. */
  #headNumber = Infinity;
  readonly #overtaken: OvertakenProviders;
  readonly #way: ReadingWay;

  constructor(
    private readonly rpc: ChainRpc,
    contracts: FollowedContracts,
    private readonly options: BlockReaderOptions,
  ) {
    const { dataFee = 'DETECT', logger } = options;
    this.#assembly = new BlockAssembly(contracts, { rpc, dataFee, logger });
    this.#proof = options.proof ?? PROOF_WANTED;
    this.#hashed = this.#proof.least === 'RECEIPTS' ? true : null;
    this.#way = new ReadingWay(options.logs ?? null);
    this.#overtaken = new OvertakenProviders(rpc, options.behindOthersMsMax ?? BEHIND_OTHERS_MS_MAX);
  }

  /** Lower-case addresses whose logs its blocks have. */
  get followed(): readonly HexData[] {
    return this.#assembly.addresses;
  }

  /** With who told it, by its URL without what may be a key. */
  async head(): Promise<BlockReference & { readonly provider: string; readonly isEmpty: boolean }> {
    const told = await this.rpc.ask(async (provider) => {
      const asked = { method: 'eth_getBlockByNumber', params: ['latest', false] };
      const [given] = await provider.batch([asked], { isUrgent: true });
      const newest = readHeader(new Reading(provider.shownUrl, 'its newest block'), given);
      provider.toldHead(newest.number);
      const believed = this.#believed(provider, newest);
      this.#overtaken.note(provider, believed);
      const { hash, number, time } = believed;
      const isEmpty = believed.fields['transactionsRoot'] === NO_TRANSACTIONS;
      return { number, hash, time, provider: provider.shownUrl, isEmpty };
    });
    this.#headNumber = told.number;
    return told;
  }

  /** The chain's block with this number, and who told it; null where the chain is not that long. */
  async headerAt(
    number: number,
  ): Promise<(Pick<Header, 'hash' | 'parentHash'> & { readonly provider: string }) | null> {
    return this.rpc.ask(async (provider) => {
      const given = await provider.request('eth_getBlockByNumber', quantity(number), false);
      if (given === null) return null;
      const reading = new Reading(provider.shownUrl, `block ${number}`);
      const header = readHeader(reading, given);
      if (header.number !== number) throw reading.fault('number', quantity(header.number));
      const { hash, parentHash } = this.#believed(provider, header);
      return { hash, parentHash, provider: provider.shownUrl };
    });
  }

  /**
   * Blocks of a range, ends included, linked to each other.
   * @param tokens those that are followed: where few blocks have logs of ours, only those need be read whole. Absent: all are
   * @throws InconsistentBlockError where what every provider gave does not hold together, and as ChainRpc.ask
   * @throws QuorumMissingError
   */
  async blocks(from: number, to: number, tokens?: TokensInOrder): Promise<readonly ChainBlock[]> {
    const { blocks, provider } = await this.#proved(from, to, tokens);
    const { quorum = 1 } = this.options;
    return quorum === 1 ? blocks : agreed(this.rpc, provider, blocks, quorum);
  }

  #proved(
    from: number,
    to: number,
    tokens?: TokensInOrder,
  ): Promise<{ readonly blocks: ChainBlock[]; readonly provider: Provider }> {
    return this.rpc.ask(async (provider) => {
      const blocks: ChainBlock[] = [];
      while (from + blocks.length <= to) {
        const start = from + blocks.length;
        const end = Math.min(to, start + provider.range.max - 1);
        blocks.push(...(await this.#readRange(provider, start, end, tokens)));
      }
      requireLinked(provider, blocks);
      return { blocks, provider };
    });
  }

  /** Providers bound the size of an answer, each in its own words, so a range that is refused is asked for in halves. */
  async #readRange(
    provider: Provider,
    from: number,
    to: number,
    tokens?: TokensInOrder,
  ): Promise<ChainBlock[]> {
    try {
      const ours = tokens !== undefined && this.#hashed === true && !this.#way.readsWhole(to - from + 1);
      const blocks = ours
        ? await this.#readOurs(provider, from, to, tokens)
        : await this.#readWhole(provider, from, to, tokens);
      provider.range.kept();
      return blocks;
    } catch (error) {
      const count = to - from + 1;
      const refused = error instanceof RpcTooMuchError || error instanceof RpcResponseError;
      if (!refused || count === 1) throw error;
      const half = Math.floor(count / 2);
      if (error instanceof RpcTooMuchError) provider.range.lower(Math.min(error.rangeMax ?? half, count - 1));
      const low = await this.#readRange(provider, from, from + half - 1, tokens);
      return [...low, ...(await this.#readRange(provider, from + half, to, tokens))];
    }
  }

  async #readWhole(
    provider: Provider,
    from: number,
    to: number,
    tokens?: TokensInOrder,
  ): Promise<ChainBlock[]> {
    const blocks: ChainBlock[] = [];
    const slices = new Slices();
    for (const evidence of await fetchBlocks(provider, from, to, this.#receipts())) {
      if (slices.over) await slices.next();
      blocks.push(await this.#assembled(provider, evidence, tokens));
    }
    return blocks;
  }

  /** Of those that their bloom filter rules out, logs and receipts are left unread. */
  async #readOurs(
    provider: Provider,
    from: number,
    to: number,
    tokens: TokensInOrder,
  ): Promise<ChainBlock[]> {
    const { addresses: contracts, tokenFactory } = this.#assembly;
    const [least, tokensKnown] = [this.#proof.least, tokens.size];
    const ours = { contracts, tokenFactory, tokens: [...tokens.keys()] };
    const blocks: ChainBlock[] = [];
    const slices = new Slices();
    for (const evidence of await fetchOurs(provider, from, to, { ...this.#receipts(), least, ours })) {
      if (slices.over) await slices.next();
      if (evidence.read === 'WHOLE') {
        blocks.push(await this.#assembled(provider, evidence, tokens));
        continue;
      }
      const { header } = evidence.block;
      const proved = proveOurs(evidence);
      if (proved.outcome !== 'PROVEN') throw discrepancyOf(provider, header, proved.what, proved.reason);
      const block = await this.#assembly.assemble(provider, evidence, proved);
      this.#way.note({ logs: null, hasOurs: block.logs.length > 0 });
      blocks.push({ ...block, unread: { bloom: header.logsBloom, tokensKnown } });
    }
    return blocks;
  }

  #receipts(): FetchOptions {
    const receiptsFrom = this.#proof.receipts === 'ALL' ? 0 : this.#headNumber - NEWEST_BLOCKS + 1;
    return { receiptsFrom, contracts: this.#assembly.addresses, rooted: this.#hashed === true };
  }

  async #assembled(provider: Provider, evidence: Evidence, tokens?: TokensInOrder): Promise<ChainBlock> {
    const proven = this.#prove(provider, evidence);
    const block = await this.#assembly.assemble(provider, evidence, proven);
    const hasOurs = block.logs.some(
      ({ address }) => this.followed.includes(address) || tokens?.has(address) === true,
    );
    this.#way.note({ logs: proven.logs.length, hasOurs });
    return block;
  }

  #prove(provider: Provider, evidence: Evidence): Proven {
    const result = (this.options.prove ?? proveBlock)(evidence, {
      hashed: this.#hashed === true,
      least: this.#proof.least,
    });
    if (result.outcome === 'PROVEN') return result;
    throw discrepancyOf(provider, evidence.block.header, result.what, result.reason);
  }

  /** A header that has the hash of its fields, or is of a chain where no header has shown that yet. */
  #believed(provider: Provider, header: Header): Header {
    const hashed = isHashed(header);
    if (!hashed && this.#hashed === true)
      throw discrepancyOf(provider, header, 'HEADER_HASH', 'its fields give another hash');
    if (!hashed && this.#hashed === null)
      this.options.logger.warn(
        { url: provider.shownUrl, number: header.number },
        'The hash of a header cannot be computed from its fields: what it says is believed',
      );
    this.#hashed = hashed;
    return header;
  }
}

function requireLinked(provider: Provider, blocks: readonly ChainBlock[]): void {
  for (const [index, block] of blocks.entries()) {
    const previous = blocks[index - 1];
    if (previous !== undefined && block.parentHash !== previous.hash)
      throw unlinked(block, previous, provider);
  }
}

function unlinked(block: ChainBlock, previous: ChainBlock, provider?: Provider): InconsistentBlockError {
  const { number } = block;
  const details = { number, ...(provider === undefined ? {} : { provider: provider.shownUrl }) };
  return new InconsistentBlockError(`Block ${block.hash} does not follow ${previous.hash}`, details);
}

function discrepancyOf(
  { shownUrl: provider }: Provider,
  { hash, number }: Header,
  what: string,
  reason: string,
): InconsistentBlockError {
  return new InconsistentBlockError(
    `${provider}: block ${number} (${hash}) does not hold together: ${reason}`,
    {
      ...{ provider, number, hash, what },
    },
  );
}
