import type { SendingProvider } from '@abland/chain';
import { Transaction } from 'ethers';

const GWEI = 10n ** 9n;

/**
 * A chain whose base fee is 50 times as high after the first transaction was priced: until it offers as much, a transaction
 * is taken and waits. All else is as the real chain says.
 */
export class OutgrowingProvider {
  private baseFee = GWEI;
  /** How often it was asked what it asks for. */
  looks = 0;

  constructor(private readonly real: SendingProvider) {}

  provider(): SendingProvider {
    const own: Partial<Record<keyof SendingProvider, (...args: never[]) => Promise<unknown>>> = {
      getBlock: async () => {
        this.looks += 1;
        return Promise.resolve({ number: this.looks, baseFeePerGas: this.baseFee });
      },
      getFeeData: async () =>
        Promise.resolve({ maxFeePerGas: this.baseFee * 2n + GWEI, maxPriorityFeePerGas: GWEI }),
      broadcastTransaction: async (raw: string) => {
        this.baseFee = 50n * GWEI;
        const { maxFeePerGas } = Transaction.from(raw);
        return (maxFeePerGas ?? 0n) < this.baseFee ? {} : this.real.broadcastTransaction(raw);
      },
    };
    return new Proxy(this.real, {
      get: (real, name) => {
        const value: unknown = own[name as keyof SendingProvider] ?? Reflect.get(real, name, real);
        return typeof value === 'function' ? (value.bind(real) as unknown) : value;
      },
    });
  }
}
