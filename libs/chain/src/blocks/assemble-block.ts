import type { Hash, HexData, Uuid } from '@abland/domain';
import { id, zeroPadValue } from 'ethers';
import { readCommandTag } from '../calls/command-tag.js';
import type { Provider } from '../rpc/provider.js';
import type { Transaction } from './answers.js';
import { followedAddresses, type BlockLog, type ChainBlock, type FollowedContracts } from './chain-block.js';
import { findFailures } from './failed-transactions.js';
import type { Evidence, Proven } from './prove-block.js';

const TRANSFER_TOPIC = id('Transfer(address,address,uint256)');
const APPROVAL_TOPIC = id('Approval(address,address,uint256)');
const WORD_DIGITS = 2 + 64;

/** Makes of what is proved of a block what matters of it to our contracts. */
export class BlockAssembly {
  readonly addresses: readonly HexData[];
  /** In lower case. */
  readonly tokenFactory: HexData;
  readonly #followed: ReadonlySet<string>;
  /** The topic that names the liquidity manager. */
  readonly #manager: Hash;

  constructor(contracts: FollowedContracts) {
    this.addresses = followedAddresses(contracts);
    this.tokenFactory = contracts.tokenFactory.toLowerCase();
    this.#followed = new Set(this.addresses);
    this.#manager = zeroPadValue(contracts.liquidityManager.toLowerCase(), 32);
  }

  /** Asks the provider, too, why transactions of ours were reverted. */
  async assemble(provider: Provider, evidence: Evidence, { logs, proof }: Proven): Promise<ChainBlock> {
    const { header, transactions } = evidence.block;
    const withLogs = new Set(logs.map((log) => log.txHash));
    const ours = transactions.filter(({ to }) => to !== null && this.#followed.has(to));
    const silent = ours.filter(({ hash }) => !withLogs.has(hash));
    const failures = silent.length === 0 ? [] : await findFailures(provider, evidence, silent);
    return {
      number: header.number,
      hash: header.hash,
      parentHash: header.parentHash,
      time: header.time,
      proof,
      providers: 1,
      logs: logs.filter((log) => this.#matters(log)).map(asBlockLog),
      failures,
      commands: commandsOf(ours),
      followed: this.addresses,
    };
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

function commandsOf(transactions: readonly Transaction[]): Record<Hash, Uuid> {
  const commands: Record<Hash, Uuid> = {};
  for (const { hash, input } of transactions) {
    const command = readCommandTag(input);
    if (command !== null) commands[hash] = command;
  }
  return commands;
}
