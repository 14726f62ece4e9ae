import type { PoolFees, ProtocolFeeUpdated, Swap, SwapFeeUpdated } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import type { FactAt } from './standing-facts.js';

/** Basis points that a liquidity manager takes, as its facts say: its constructor tells the first ones. */
export class FeesInForce {
  private readonly fees = new Map<string, { swapFee?: bigint; protocolFee?: bigint }>();

  add({ data, type }: RecordedEvent, { chainId }: FactAt): void {
    if (type !== 'SwapFeeUpdated' && type !== 'ProtocolFeeUpdated') return;
    const { contract, newFee } = data as (SwapFeeUpdated | ProtocolFeeUpdated)['data'];
    const field = type === 'SwapFeeUpdated' ? 'swapFee' : 'protocolFee';
    const key = `${chainId} ${contract}`;
    this.fees.set(key, { ...this.fees.get(key), [field]: BigInt(newFee) });
  }

  /** Null where the log does not have what they are. */
  at({ contract }: Swap['data'], { chainId }: FactAt): PoolFees | null {
    const { protocolFee, swapFee } = this.fees.get(`${chainId} ${contract}`) ?? {};
    return protocolFee === undefined || swapFee === undefined ? null : { protocolFee, swapFee };
  }
}
