import type { ReceiptFieldsFragment } from '../api/operations.gen.js';
import { callOf } from '../wallet/injected-wallet.js';
import { type TransactionToSend, type Wallet, wasDeclined } from '../wallet/wallet.js';

/** Where an order is on its way from the receipt to the chain. */
export type Step =
  | { readonly at: 'approving'; readonly index: number; readonly of: number }
  | { readonly at: 'mining'; readonly index: number; readonly of: number }
  | { readonly at: 'simulating' }
  | { readonly at: 'signing' }
  | { readonly at: 'handing-in' };

export type Failure =
  | { readonly why: 'declined' }
  | { readonly why: 'simulation'; readonly told: string }
  | { readonly why: 'approval'; readonly hash: string }
  | { readonly why: 'late'; readonly hash: string }
  | { readonly why: 'other'; readonly told: string };

/** It was not carried out, and why. */
export class NotCarriedOut extends Error {
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.why, options);
  }
}

export interface CarryOutPorts {
  readonly wallet: Wallet;
  readonly address: string;
  readonly submitTransaction: (commandId: string, txHash: string) => Promise<void>;
  readonly submitSignature: (commandId: string, signature: string) => Promise<void>;
  readonly onStep: (step: Step) => void;
  /** Waits before the chain is looked at again. */
  readonly pause: () => Promise<void>;
  /** How often it is looked at whether an approval is mined. */
  readonly looksMax: number;
}

type Receipt = Pick<ReceiptFieldsFragment, 'commandId' | 'approvals' | 'transaction' | 'signatureRequest'>;

/**
 * Has a command signed as its receipt says: by a request for our sender (EIP-712), or by transactions of the wallet, each tried on the
 * chain as it is before it is signed, approvals mined before what needs them.
 * @throws NotCarriedOut
 */
export async function carryOut(receipt: Receipt, ports: CarryOutPorts): Promise<void> {
  const { address, onStep, wallet } = ports;
  const { approvals, commandId, signatureRequest, transaction } = receipt;
  if (signatureRequest !== null) {
    onStep({ at: 'signing' });
    const signature = await attempt(() => wallet.signTyped(signatureRequest, address));
    onStep({ at: 'handing-in' });
    return attempt(() => ports.submitSignature(commandId, signature));
  }
  if (transaction === null) return; // it was sent before
  for (const [index, approval] of approvals.entries())
    await approve(approval, index, approvals.length, ports);
  onStep({ at: 'simulating' });
  await simulate(transaction, ports);
  onStep({ at: 'signing' });
  const hash = await attempt(() => wallet.send(transaction, address));
  onStep({ at: 'handing-in' });
  return attempt(() => ports.submitTransaction(commandId, hash));
}

async function approve(
  approval: TransactionToSend,
  index: number,
  of: number,
  ports: CarryOutPorts,
): Promise<void> {
  ports.onStep({ at: 'approving', index, of });
  await simulate(approval, ports);
  const hash = await attempt(() => ports.wallet.send(approval, ports.address));
  ports.onStep({ at: 'mining', index, of });
  for (let looks = 0; looks < ports.looksMax; looks += 1) {
    const mined = await attempt(() => ports.wallet.ask('eth_getTransactionReceipt', [hash]).catch(notFound));
    const status = (mined as { readonly status?: unknown } | null)?.status;
    if (status === '0x1') return;
    if (status === '0x0') throw new NotCarriedOut({ why: 'approval', hash });
    await ports.pause();
  }
  throw new NotCarriedOut({ why: 'late', hash });
}

/** Some providers answer with an error for what they have not seen yet. */
const notFound = (): null => null;

async function simulate(transaction: TransactionToSend, { address, wallet }: CarryOutPorts): Promise<void> {
  try {
    await wallet.ask('eth_call', [callOf(transaction, address), 'latest']);
  } catch (error) {
    throw new NotCarriedOut({ why: 'simulation', told: messageOf(error) }, { cause: error });
  }
}

async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (wasDeclined(error)) throw new NotCarriedOut({ why: 'declined' }, { cause: error });
    throw new NotCarriedOut({ why: 'other', told: messageOf(error) }, { cause: error });
  }
}

const messageOf = (error: unknown): string => {
  const told = (error as { readonly message?: unknown } | null)?.message;
  return (typeof told === 'string' ? told : String(error)).slice(0, 400);
};
