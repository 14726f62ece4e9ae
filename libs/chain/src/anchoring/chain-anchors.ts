import type { Address, Hash, HexData } from '@abland/domain';
import { AblandError, systemTiming, type Timing } from '@abland/kernel';
import { getAddress, type Interface, type Wallet, ZeroAddress } from 'ethers';
import { INTERFACES } from '../contracts/interfaces.js';
import { broadcast } from '../sender/broadcast.js';
import {
  ChainUnavailableError,
  RelayerFeeCappedError,
  RelayerTransactionReplacedError,
  RelayerUnderpricedError,
} from '../sender/errors.js';
import { raisedAbove } from '../sender/fee-rule.js';
import {
  currentPrice,
  dearer,
  type Fees,
  leastFor,
  mostOf,
  newFees,
  type SignedCall,
} from '../sender/price.js';
import { reasonOf } from '../sender/reason.js';
import type { SendingProvider } from '../sender/sending-provider.js';
import { signTransaction } from '../sender/sign-transaction.js';
import { AnchorNotRegisteredError, AnchorSignerOtherError, AnchorUnpaidError } from './errors.js';
import { logIdOf } from './log-id.js';

/** A tree of the log, as ABCheckpoint has it. */
export interface AnchoredHead {
  /** The how-manieth of the log, from 0. */
  readonly index: number;
  readonly treeSize: number;
  readonly rootHash: Hash;
  /** Seconds since the epoch, of its block. */
  readonly anchoredAt: number;
}

export interface ChainAnchorsOptions {
  readonly provider: SendingProvider;
  readonly chainId: number;
  /** ABCheckpoint. */
  readonly checkpoint: Address;
  /** Of the log. */
  readonly origin: string;
  /** Signs tree heads, and pays. Nothing else sends from its account. */
  readonly wallet: Wallet;
  /** The most that it offers, in wei per gas. */
  readonly maxFeePerGas: bigint;
  /** That the chain is the one whose blocks the log has: nothing is sent to another. */
  readonly requireChain: () => Promise<void>;
  readonly timing?: Pick<Timing, 'now'>;
}

interface Waiting {
  readonly nonce: number;
  readonly fees: Fees;
  readonly rawTransaction: HexData;
  /** The newest first. */
  readonly hashes: readonly [Hash, ...Hash[]];
  readonly sentAt: number;
  /** Whether the node refused it for what it offers, beside one that waits since before a crash. */
  readonly refused: boolean;
}

/** What is not mined by then is sent again, or, where the chain asks for more by now, replaced by one that offers more. */
const REPLACED_AFTER_MS = 60_000;
/** What an estimate may be short of once other blocks came between. */
const GAS_MARGIN = [6n, 5n] as const;
const CONTRACT: Interface = INTERFACES.ABCheckpoint;
const TYPES = {
  TreeHead: [
    { name: 'logId', type: 'bytes32' },
    { name: 'treeSize', type: 'uint64' },
    { name: 'rootHash', type: 'bytes32' },
  ],
};

/**
 * The anchored heads of one log on one chain. It keeps nothing: what the chain has is asked, and each transaction takes the account's first
 * nonce that is not mined, so that it replaces one that waits, also one of before a crash.
 */
export class ChainAnchors {
  readonly #logId: Hash;
  readonly #timing: Pick<Timing, 'now'>;
  #waiting: Waiting | null = null;

  constructor(private readonly options: ChainAnchorsOptions) {
    this.#logId = logIdOf(options.origin);
    this.#timing = options.timing ?? systemTiming;
  }

  /** The newest that stands; null where the chain has none. @throws ChainUnavailableError, RpcUnavailableError */
  async newest(): Promise<AnchoredHead | null> {
    const newest = await this.#headBefore(await this.#call('treeHeadCount', [this.#logId]));
    // Empty is only what was retracted, of which contracts from before know nothing: those are never asked what stands.
    if (newest?.treeSize !== 0) return newest;
    return this.#headBefore(await this.#call('standingTreeHeads', [this.#logId]));
  }

  async #headBefore(end: unknown): Promise<AnchoredHead | null> {
    const index = Number(end) - 1;
    if (index < 0) return null;
    const head = (await this.#call('treeHead', [this.#logId, index])) as {
      readonly treeSize: bigint;
      readonly anchoredAt: bigint;
      readonly rootHash: Hash;
    };
    const { anchoredAt, rootHash, treeSize } = head;
    return { index, treeSize: Number(treeSize), rootHash, anchoredAt: Number(anchoredAt) };
  }

  /**
   * Hands a larger tree than the newest to the chain; nothing where one waits that was sent a moment ago, or where the chain has as large a one.
   * @returns the transaction that waits then
   * @throws AnchorNotRegisteredError, AnchorSignerOtherError, AnchorUnpaidError, RelayerFeeCappedError, RelayerUnderpricedError,
   * ChainUnavailableError, RpcUnavailableError, ChainNotOfLogError
   */
  async anchor(treeSize: number, rootHash: Hash): Promise<Hash | null> {
    const { provider, requireChain, wallet } = this.options;
    await requireChain();
    const nonce = await asked('the nonce', provider.getTransactionCount(wallet.address, 'latest'));
    // After the nonce: one that was mined since is not paid for again.
    if (((await this.newest())?.treeSize ?? 0) >= treeSize) return null;
    const waiting = await this.#waitingAt(nonce);
    if (waiting !== null && (await this.#leavesWaiting(waiting))) return waiting.hashes[0];
    await this.#requireSigner();
    return this.#send(treeSize, rootHash, nonce, waiting);
  }

  /** What waits for the nonce; null where nothing does, or no node has it any more. */
  async #waitingAt(nonce: number): Promise<Waiting | null> {
    const waiting = this.#waiting?.nonce === nonce ? this.#waiting : null;
    if (waiting === null || waiting.refused || this.#isYoung(waiting)) return waiting;
    const isKnown = await asked('what waits', this.options.provider.isKnown(waiting.hashes[0]));
    return isKnown ? waiting : null;
  }

  /** Whether it may go on waiting: it offers what the chain asks for, and is sent again in case a node let it go. */
  async #leavesWaiting(waiting: Waiting): Promise<boolean> {
    if (waiting.refused) return false;
    if (this.#isYoung(waiting)) return true;
    const { fees, hashes, nonce, rawTransaction } = waiting;
    const price = await asked('the price', currentPrice(this.options.provider));
    const isEnough = fees.maxFeePerGas >= leastFor(price, fees.maxPriorityFeePerGas);
    const isAtCap = dearer(fees.maxFeePerGas) > this.options.maxFeePerGas;
    if (!isEnough && !isAtCap) return false;
    await this.#broadcast({ nonce, txHash: hashes[0], rawTransaction }, hashes.slice(1));
    this.#waiting = { ...waiting, sentAt: this.#timing.now() };
    if (!isEnough)
      throw new RelayerFeeCappedError(leastFor(price, fees.maxPriorityFeePerGas), this.options.maxFeePerGas);
    return true;
  }

  #isYoung({ sentAt }: Waiting): boolean {
    return this.#timing.now() - sentAt < REPLACED_AFTER_MS;
  }

  async #send(treeSize: number, rootHash: Hash, nonce: number, waiting: Waiting | null): Promise<Hash> {
    const { chainId, wallet } = this.options;
    const signed = await this.#signedCall(treeSize, rootHash, waiting?.fees ?? null);
    await this.#requireBalance(signed);
    const { rawTransaction, txHash } = await signTransaction(wallet, { ...signed, chainId, nonce });
    const replaced = waiting?.hashes ?? [];
    const sent = { nonce, fees: signed.fees, rawTransaction, hashes: [txHash, ...replaced] as const };
    try {
      await this.#broadcast({ nonce, txHash, rawTransaction }, replaced);
    } catch (error) {
      // In the place of one that waits, of before a crash, the next has to offer more.
      if (error instanceof RelayerUnderpricedError)
        this.#waiting = { ...sent, sentAt: this.#timing.now(), refused: true };
      throw error;
    }
    this.#waiting = { ...sent, sentAt: this.#timing.now(), refused: false };
    return txHash;
  }

  async #requireSigner(): Promise<void> {
    const { checkpoint, wallet } = this.options;
    const signer = getAddress(String(await this.#call('signerOf', [this.#logId])));
    if (signer === ZeroAddress) throw new AnchorNotRegisteredError(checkpoint, this.#logId);
    if (signer !== wallet.address) throw new AnchorSignerOtherError(this.#logId, signer, wallet.address);
  }

  async #signedCall(treeSize: number, rootHash: Hash, waiting: Fees | null): Promise<SignedCall> {
    const { chainId, checkpoint, maxFeePerGas, provider, wallet } = this.options;
    const domain = { name: 'AB.LAND Checkpoint', version: '1', chainId, verifyingContract: checkpoint };
    const head = { logId: this.#logId, treeSize, rootHash };
    const signature = await wallet.signTypedData(domain, TYPES, head);
    const args = [this.#logId, treeSize, rootHash, signature];
    const call = { to: checkpoint, data: CONTRACT.encodeFunctionData('anchor', args) };
    const estimated = await asked('the gas', provider.estimateGas({ ...call, from: wallet.address }));
    const wanted = newFees(await asked('the price', currentPrice(provider)), maxFeePerGas);
    const fees = waiting === null ? wanted : raisedAbove(waiting, wanted);
    if (fees.maxFeePerGas > maxFeePerGas) throw new RelayerFeeCappedError(fees.maxFeePerGas, maxFeePerGas);
    return { call, gas: (estimated * GAS_MARGIN[0]) / GAS_MARGIN[1], fees };
  }

  async #requireBalance(signed: SignedCall): Promise<void> {
    const { provider, wallet } = this.options;
    const has = await asked('the balance', provider.getBalance(wallet.address));
    const needed = mostOf(signed, 0n);
    if (has < needed) throw new AnchorUnpaidError(wallet.address, needed, has);
  }

  async #broadcast(
    signed: { readonly nonce: number; readonly txHash: Hash; readonly rawTransaction: HexData },
    replaced: readonly Hash[],
  ): Promise<void> {
    const transaction = { ...signed, relayer: this.options.wallet.address };
    try {
      await broadcast(this.options.provider, { transaction, replaced });
    } catch (error) {
      // One of before a crash was mined a moment ago: the next look sees what it anchored.
      if (!(error instanceof RelayerTransactionReplacedError)) throw error;
      throw new ChainUnavailableError('Another transaction of the account came first', {}, error);
    }
  }

  async #call(
    name: 'treeHeadCount' | 'standingTreeHeads' | 'treeHead' | 'signerOf',
    args: readonly unknown[],
  ): Promise<unknown> {
    const { checkpoint, provider } = this.options;
    const data = CONTRACT.encodeFunctionData(name, args);
    const answer = await asked(name, provider.call({ to: checkpoint, data }));
    try {
      return CONTRACT.decodeFunctionResult(name, answer)[0];
    } catch (error) {
      throw new ChainUnavailableError(`No answer of ABCheckpoint: ${name}`, { checkpoint }, error);
    }
  }
}

/** ethers wraps what a node refuses into errors of its own. */
async function asked<Answer>(what: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AblandError) throw error;
    throw new ChainUnavailableError(`Not told: ${what}: ${reasonOf(error)}`, {}, error);
  }
}
