import { ZeroAddress, type Interface, type Log } from 'ethers';
import { Storage, entriesOf, slotOf } from './storage.js';

const BASIS_POINTS = 10_000n;
const GUARDIAN_REST_SECONDS = 14n * 86_400n;

type Told = Readonly<Record<string, unknown>>;
const text = (told: Told, name: string): string => String(told[name]);
const amount = (told: Told, name: string): bigint => BigInt(told[name] as bigint);

/** Storage that is rebuilt from a contract's events alone, in their order; `time` is their block's. */
export abstract class Folded {
  protected readonly storage = new Storage();
  /** How often each event was folded. */
  readonly counts = new Map<string, number>();
  private owner = ZeroAddress;
  private pendingOwner = ZeroAddress;

  constructor(private readonly events: Interface) {}

  fold({ topics, data }: Log, time: bigint): void {
    const parsed = this.events.parseLog({ topics: [...topics], data });
    if (parsed === null) throw new Error(`an event that the contract does not tell of: ${topics[0]}`);
    const { name } = parsed;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    const told = parsed.args.toObject() as Told;
    if (name === 'OwnershipTransferStarted') this.pendingOwner = text(told, 'newOwner');
    else if (name === 'OwnershipTransferred')
      [this.owner, this.pendingOwner] = [text(told, 'newOwner'), ZeroAddress];
    else this.apply(name, told, time);
  }

  /** Of all storage. */
  root(): string {
    this.storage.set(0n, BigInt(this.owner));
    this.settle(BigInt(this.pendingOwner));
    return this.storage.root();
  }

  protected isOwner(account: string): boolean {
    return account === this.owner;
  }

  protected abstract apply(name: string, told: Told, time: bigint): void;

  /** Writes the variables that share slots, or change by most events. @param pendingOwner shares slot 1 */
  protected abstract settle(pendingOwner: bigint): void;
}

interface Pool {
  reserves: bigint;
  total: bigint;
}

export class FoldedManager extends Folded {
  private pausedUntil = 0n;
  private guardianPausesFrom = 0n;
  private pausedByGuardian = false;
  private swapFee = 0n;
  private protocolFee = 0n;
  private feeRecipient = 0n;
  private guardian = 0n;
  private readonly protocolFees = new Map<string, bigint>();
  private readonly pools = new Map<string, Pool>();
  private readonly liquidity = new Map<string, bigint>();
  private readonly kept = new Map<string, bigint>();

  protected override apply(name: string, told: Told): void {
    if (name === 'Paused') this.pausedByGuardian = !this.isOwner(text(told, 'account'));
    else if (name === 'PausedUntil') this.pausedAnew(amount(told, 'until'));
    else if (name === 'Unpaused') this.pausedUntil = 0n;
    else if (name === 'SwapFeeUpdated') this.swapFee = amount(told, 'newFee');
    else if (name === 'ProtocolFeeUpdated') this.protocolFee = amount(told, 'newFee');
    else if (name === 'FeeRecipientUpdated') this.feeRecipient = BigInt(text(told, 'newRecipient'));
    else if (name === 'GuardianUpdated') this.guardian = BigInt(text(told, 'newGuardian'));
    else if (name === 'ProtocolFeesCollected') this.protocolFees.set(text(told, 'token'), 0n);
    else if (name === 'PoolCreated') this.opened(told);
    else if (name === 'Sync')
      this.poolOf(told).reserves = (amount(told, 'reserveB') << 128n) | amount(told, 'reserveA');
    else if (name === 'LiquidityAdded') this.moved(told, amount(told, 'liquidity'));
    else if (name === 'LiquidityRemoved') this.moved(told, -amount(told, 'liquidity'));
    else if (name === 'Swap')
      add(
        this.protocolFees,
        text(told, 'tokenIn'),
        (amount(told, 'amountIn') * this.protocolFee) / BASIS_POINTS,
      );
    else if (name === 'PayoutKept') add(this.kept, keptKey(told), amount(told, 'amount'));
    else if (name === 'PayoutClaimed') add(this.kept, keptKey(told), -amount(told, 'amount'));
    else throw new Error(`${name} is not folded`);
  }

  private pausedAnew(until: bigint): void {
    this.pausedUntil = until;
    if (this.pausedByGuardian) this.guardianPausesFrom = until + GUARDIAN_REST_SECONDS;
    this.pausedByGuardian = false;
  }

  private opened(told: Told): void {
    const poolId = text(told, 'poolId');
    this.pools.set(poolId, { reserves: 0n, total: 0n });
    const place = BigInt(slotOf(5n, ['bytes32', poolId]));
    this.storage.set(place, BigInt(text(told, 'tokenA')));
    this.storage.set(place + 1n, BigInt(text(told, 'tokenB')));
  }

  private poolOf(told: Told): Pool {
    const pool = this.pools.get(text(told, 'poolId'));
    if (pool === undefined) throw new Error('an event of a pool that is not open');
    return pool;
  }

  /** The locked minimum is nobody's. */
  private moved(told: Told, liquidity: bigint): void {
    this.poolOf(told).total += liquidity;
    const user = text(told, 'user');
    if (user !== ZeroAddress) add(this.liquidity, `${text(told, 'poolId')} ${user}`, liquidity);
  }

  protected override settle(pendingOwner: bigint): void {
    const { storage } = this;
    storage.set(
      1n,
      pendingOwner | (this.pausedUntil << 160n) | (this.swapFee << 200n) | (this.protocolFee << 216n),
    );
    storage.set(2n, this.guardianPausesFrom | (this.feeRecipient << 40n));
    storage.set(3n, this.guardian);
    for (const [token, fees] of this.protocolFees) storage.set(slotOf(4n, ['address', token]), fees);
    for (const [poolId, { reserves, total }] of this.pools) {
      const place = BigInt(slotOf(5n, ['bytes32', poolId]));
      storage.set(place + 2n, reserves);
      storage.set(place + 3n, total);
    }
    for (const [key, liquidity] of this.liquidity) {
      const [poolId = '', user = ''] = key.split(' ');
      storage.set(slotOf(6n, ['bytes32', poolId], ['address', user]), liquidity);
    }
    for (const [key, amountKept] of this.kept) {
      const [user = '', token = ''] = key.split(' ');
      storage.set(slotOf(7n, ['address', user], ['address', token]), amountKept);
    }
  }
}

export class FoldedFactory extends Folded {
  private creationFee = 0n;
  private feeRecipient = 0n;
  private readonly tokens = new Map<string, { creator: string; decimals: bigint; isDeactivated: boolean }>();
  private readonly tokensOf = new Map<string, string[]>();

  protected override apply(name: string, told: Told): void {
    const token = this.tokens.get(text(told, 'tokenAddress'));
    if (name === 'CreationFeeUpdated') this.creationFee = amount(told, 'newFee');
    else if (name === 'FeeRecipientUpdated') this.feeRecipient = BigInt(text(told, 'newRecipient'));
    else if (name === 'TokenCreated') this.created(text(told, 'tokenAddress'), text(told, 'creator'));
    else if (name === 'TokenMetadataUpdated' && token !== undefined)
      token.decimals = amount(told, 'decimals');
    else if (name === 'TokenDeactivated' && token !== undefined) token.isDeactivated = true;
    else if (name !== 'CreationFeesCollected') throw new Error(`${name} is not folded`);
  }

  private created(token: string, creator: string): void {
    this.tokens.set(token, { creator, decimals: 0n, isDeactivated: false });
    this.tokensOf.set(creator, [...(this.tokensOf.get(creator) ?? []), token]);
  }

  protected override settle(pendingOwner: bigint): void {
    const { storage } = this;
    storage.set(1n, pendingOwner);
    storage.set(2n, this.creationFee);
    storage.set(3n, this.feeRecipient);
    for (const [token, { creator, decimals, isDeactivated }] of this.tokens) {
      const flags = (decimals << 160n) | (isDeactivated ? 1n << 168n : 0n);
      storage.set(slotOf(4n, ['address', token]), BigInt(creator) | flags);
    }
    for (const [creator, tokens] of this.tokensOf) {
      const place = slotOf(5n, ['address', creator]);
      storage.set(place, BigInt(tokens.length));
      for (const [index, token] of tokens.entries())
        storage.set(entriesOf(place) + BigInt(index), BigInt(token));
    }
  }
}

export class FoldedCheckpoint extends Folded {
  private readonly heads = new Map<string, bigint>();
  private readonly retractions = new Map<string, bigint>();

  protected override apply(name: string, told: Told, time: bigint): void {
    const { storage } = this;
    const logId = text(told, 'logId');
    if (name === 'SignerUpdated')
      storage.set(slotOf(4n, ['bytes32', logId]), BigInt(text(told, 'newSigner')));
    else if (name === 'TreeHeadAnchored') {
      const place = slotOf(5n, ['bytes32', logId]);
      const entry = entriesOf(place) + 2n * append(storage, this.heads, logId, place);
      storage.set(entry, amount(told, 'treeSize') | (time << 64n));
      storage.set(entry + 1n, BigInt(text(told, 'rootHash')));
    } else if (name === 'TreeHeadRetracted') {
      const place = slotOf(6n, ['bytes32', logId]);
      const entry = entriesOf(place) + append(storage, this.retractions, logId, place);
      storage.set(entry, amount(told, 'index') | ((amount(told, 'newestIndex') + 1n) << 128n));
    } else throw new Error(`${name} is not folded`);
  }

  protected override settle(pendingOwner: bigint): void {
    this.storage.set(1n, pendingOwner);
  }
}

const keptKey = (told: Told): string => `${text(told, 'user')} ${text(told, 'token')}`;

const add = (to: Map<string, bigint>, key: string, more: bigint): void =>
  void to.set(key, (to.get(key) ?? 0n) + more);

/** Makes an array one longer. @returns the index of its last entry */
function append(storage: Storage, lengths: Map<string, bigint>, key: string, place: string): bigint {
  const length = lengths.get(key) ?? 0n;
  lengths.set(key, length + 1n);
  storage.set(place, length + 1n);
  return length;
}
