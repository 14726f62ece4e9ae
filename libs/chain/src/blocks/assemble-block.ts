import { type Hash, type HexData, INPUT_BYTES_MAX, type Uuid } from '@abland/domain';
import type { Logger } from '@abland/kernel';
import { id, zeroPadValue } from 'ethers';
import { readCommandTag } from '../calls/command-tag.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import type { Provider } from '../rpc/provider.js';
import type { Header, Transaction } from './answers.js';
import {
  followedAddresses,
  type BlockLog,
  type ChainBlock,
  type FailedTransaction,
  type FollowedContracts,
  type MinedCost,
  type SentInput,
} from './chain-block.js';
import type { DataFeeTold } from './data-fee-field.js';
import { findFailures, undisputed } from './failed-transactions.js';
import { silentCalls } from './fetch-blocks.js';
import type { Evidence, Proven } from './prove-block.js';
import { costsOf } from './transaction-costs.js';

const TRANSFER_TOPIC = id('Transfer(address,address,uint256)');
const APPROVAL_TOPIC = id('Approval(address,address,uint256)');
const WORD_DIGITS = 2 + 64;

export interface BlockAssemblyOptions {
  readonly rpc: Pick<ChainRpc, 'askOthers'>;
  readonly dataFee: DataFeeTold;
  readonly logger: Logger;
}

/** Makes of what is proved of a block what matters of it to our contracts. */
export class BlockAssembly {
  readonly addresses: readonly HexData[];
  /** In lower case. */
  readonly tokenFactory: HexData;
  readonly #followed: ReadonlySet<string>;
  /** The topic that names the liquidity manager. */
  readonly #manager: Hash;

  constructor(
    contracts: FollowedContracts,
    private readonly options: BlockAssemblyOptions,
  ) {
    this.addresses = followedAddresses(contracts);
    this.tokenFactory = contracts.tokenFactory.toLowerCase();
    this.#followed = new Set(this.addresses);
    this.#manager = zeroPadValue(contracts.liquidityManager.toLowerCase(), 32);
  }

  /**
   * Asks the provider, too, why transactions of ours were reverted, and what those with a command cost; and others, where receipts do not prove that they were,
   * whether they have it so.
   */
  async assemble(provider: Provider, evidence: Evidence, { logs, proof }: Proven): Promise<ChainBlock> {
    const { header, transactions } = evidence.block;
    const ours = transactions.filter(({ to }) => to !== null && this.#followed.has(to));
    const silent = silentCalls(evidence.block, logs, this.addresses);
    const told = silent.length === 0 ? [] : await findFailures(provider, evidence, silent);
    const isProved = proof === 'RECEIPTS' || told.length === 0;
    const failures = isProved ? told : await this.#undisputed(provider, header, told);
    const commands = commandsOf(ours);
    const commanded = ours.filter(({ hash }) => commands[hash] !== undefined);
    const costs = await costsOf(provider, commanded, { evidence, proof, dataFee: this.options.dataFee });
    return {
      number: header.number,
      hash: header.hash,
      parentHash: header.parentHash,
      time: header.time,
      proof,
      providers: 1,
      logs: logs.filter((log) => this.#matters(log)).map(asBlockLog),
      failures,
      commands,
      ...(costs.length === 0 ? {} : { costs, sent: sentBy(commanded, costs) }),
      followed: this.addresses,
    };
  }

  async #undisputed(
    provider: Provider,
    { hash, number }: Header,
    told: readonly FailedTransaction[],
  ): Promise<readonly FailedTransaction[]> {
    const failures = await undisputed(this.options.rpc, provider, hash, told);
    if (failures.length < told.length) {
      const disputed = told.filter((one) => !failures.includes(one)).map(({ hash: txHash }) => txHash);
      this.options.logger.warn(
        { number, hash, provider: provider.shownUrl, disputed },
        'Providers differ over whether transactions were reverted: it is told of none of these',
      );
    }
    return failures;
  }

  #matters(log: BlockLog): boolean {
    if (this.#followed.has(log.address)) return true;
    const [event, , spender] = log.topics;
    // Three topics and one word: ERC-20. An NFT's Transfer and Approval have four, and anyone may emit any number of bytes.
    if (log.topics.length !== 3 || log.data.length !== WORD_DIGITS) return false;
    return event === TRANSFER_TOPIC || (event === APPROVAL_TOPIC && spender === this.#manager);
  }
}

const asBlockLog = ({ address, data, logIndex, topics, txHash }: BlockLog): BlockLog => ({
  ...{ address, topics, data, txHash, logIndex },
});

/** What those transactions send of which it is told what they cost. */
function sentBy(
  transactions: readonly Transaction[],
  costs: readonly MinedCost[],
): Readonly<Record<Hash, SentInput>> {
  const told = new Set(costs.map(({ hash }) => hash));
  const sent = transactions.filter(({ hash }) => told.has(hash));
  return Object.fromEntries(
    sent.map(({ hash, input, value }) => [
      hash,
      {
        value: BigInt(value).toString(),
        input: input.slice(0, 2 + 2 * INPUT_BYTES_MAX),
        inputBytes: (input.length - 2) / 2,
      },
    ]),
  );
}

function commandsOf(transactions: readonly Transaction[]): Record<Hash, Uuid> {
  const commands: Record<Hash, Uuid> = {};
  for (const { hash, input } of transactions) {
    const command = readCommandTag(input);
    if (command !== null) commands[hash] = command;
  }
  return commands;
}
