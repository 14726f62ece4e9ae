import type { SendingProvider } from '@abland/chain';

const GWEI = 10n ** 9n;

/**
 * A way to the real chain on which an account's transactions do not get on: as long as it is congested they are taken and wait,
 * and its base fee is just below what a new transaction may still offer and above what makes a replacement worth its while.
 */
export class CongestedProvider {
  /** In wei per gas. */
  static readonly cap = 10n * GWEI;
  isCongested = true;
  /** Lower before anything was sent, so that what is sent first is sent at the cap. */
  private baseFee = 8n * GWEI;
  private blockNumber = 1;

  constructor(private readonly real: SendingProvider) {}

  provider(): SendingProvider {
    const own: Partial<Record<keyof SendingProvider, (...args: never[]) => Promise<unknown>>> = {
      getBlock: async () => Promise.resolve({ number: this.blockNumber++, baseFeePerGas: this.fee() }),
      getFeeData: async () =>
        Promise.resolve({ maxFeePerGas: this.fee() * 2n + GWEI / 2n, maxPriorityFeePerGas: GWEI / 2n }),
      broadcastTransaction: async (raw: string) => {
        this.baseFee = (95n * GWEI) / 10n;
        return this.isCongested ? Promise.resolve({}) : this.real.broadcastTransaction(raw);
      },
    };
    return new Proxy(this.real, {
      get: (real, name) => {
        const value: unknown = own[name as keyof SendingProvider] ?? Reflect.get(real, name, real);
        return typeof value === 'function' ? (value.bind(real) as unknown) : value;
      },
    });
  }

  private fee(): bigint {
    return this.isCongested ? this.baseFee : GWEI;
  }
}
