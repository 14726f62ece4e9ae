import { isCallException, type TransactionRequest } from 'ethers';
import type { Address, ForwardRequest, HexData, Uuid } from '@abland/domain';
import { canonicalSignature, encodeForwardExecution } from '../calls/forward-request.js';
import { INTERFACES } from '../contracts/interfaces.js';
import { describeRevert } from '../calls/revert-reason.js';
import type { SendingProvider } from './sending-provider.js';

/** A request with its user's signature. */
export interface SignedRequest {
  readonly commandId: Uuid;
  readonly request: ForwardRequest;
  readonly signature: HexData;
}

/** What would become of a request if it were sent now. */
export type Simulation =
  | { readonly outcome: 'READY'; readonly call: TransactionRequest; readonly gas: bigint }
  /** The signer's earlier requests have to be executed first: the forwarder's next nonce is a lower one. */
  | { readonly outcome: 'WAITS'; readonly next: bigint; readonly reason: string }
  /** The forwarder executed this request, or another one under its nonce. */
  | { readonly outcome: 'USED'; readonly reason: string }
  | { readonly outcome: 'REFUSED'; readonly reason: string };

/** A plain transfer of value inside the forwarder, its own checks and the event. */
const FORWARDER_OVERHEAD_GAS = 100_000n;

/** The ERC2771Forwarder as our sender uses it. */
export class Forwarder {
  constructor(
    private readonly provider: SendingProvider,
    readonly address: Address,
    private readonly relayer: Address,
  ) {}

  /**
   * Asks the chain as it is now. Throws where the provider gives no answer, and refuses only on what the contracts say.
   */
  async simulate({ commandId, request, signature: given }: SignedRequest): Promise<Simulation> {
    const signature = canonicalSignature(given) ?? given; // older logs hold some as hardware wallets write them
    const { to, data, value } = encodeForwardExecution(this.address, request, signature, commandId);
    const call: TransactionRequest = { from: this.relayer, to, data, value: BigInt(value) };
    const [next, valid, estimated] = await Promise.all([
      this.nextNonce(request.from),
      this.verifies(request, signature),
      this.estimate(call),
    ]);
    const nonce = BigInt(request.nonce);
    if (nonce > next) return { outcome: 'WAITS', next, reason: `nonce ${nonce} waits for ${next}` };
    if (nonce < next) return { outcome: 'USED', reason: `nonce ${nonce} is used: the next is ${next}` };
    if (!valid) {
      const why = typeof estimated === 'string' ? `: ${estimated}` : '';
      return { outcome: 'REFUSED', reason: `the forwarder does not accept the signed request${why}` };
    }
    if (typeof estimated === 'string') {
      const inner = await this.innerRefusal(request);
      return { outcome: 'REFUSED', reason: inner ?? estimated };
    }
    return { outcome: 'READY', call, gas: gasLimit(estimated, BigInt(request.gas)) };
  }

  private async nextNonce(signer: Address): Promise<bigint> {
    const data = INTERFACES.ABForwarder.encodeFunctionData('nonces', [signer]);
    const answer = await this.provider.call({ to: this.address, data });
    return INTERFACES.ABForwarder.decodeFunctionResult('nonces', answer)[0] as bigint;
  }

  private async verifies(request: ForwardRequest, signature: HexData): Promise<boolean> {
    const { from, to, value, gas, deadline, data } = request;
    const signed = { from, to, value, gas, deadline, data, signature };
    const call = { to: this.address, data: INTERFACES.ABForwarder.encodeFunctionData('verify', [signed]) };
    const answer = await this.provider.call(call);
    return INTERFACES.ABForwarder.decodeFunctionResult('verify', answer)[0] as boolean;
  }

  /** The gas it takes, or why it reverts. */
  private async estimate(call: TransactionRequest): Promise<bigint | string> {
    try {
      return await this.provider.estimateGas(call);
    } catch (error) {
      if (isCallException(error) && error.data !== null) return describeRevert(error.data);
      throw error;
    }
  }

  /** The forwarder says only that its call failed; called as the forwarder does, the contract says why. */
  private async innerRefusal({ from, to, data, value }: ForwardRequest): Promise<string | null> {
    try {
      await this.provider.call({
        from: this.address,
        to,
        data: `${data}${from.slice(2)}`,
        value: BigInt(value),
      });
      return null;
    } catch (error) {
      return isCallException(error) && error.data !== null ? describeRevert(error.data) : null;
    }
  }
}

/** The forwarder checks that its call had all the gas the request names: 63/64 of what it has itself (EIP-150). */
function gasLimit(estimated: bigint, requested: bigint): bigint {
  const enough = (requested * 64n) / 63n + FORWARDER_OVERHEAD_GAS;
  const withMargin = (estimated * 12n) / 10n;
  return enough > withMargin ? enough : withMargin;
}
