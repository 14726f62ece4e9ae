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
  /** The person said no, before or after an approval was sent. */
  | { readonly why: 'declined' | 'declined-after-approval' }
  | { readonly why: 'simulation'; readonly told: string }
  | { readonly why: 'approval'; readonly hash: string }
  | { readonly why: 'late'; readonly hash: string }
  /** What is to be signed is not of the order's chain. */
  | { readonly why: 'chain' }
  /** Nothing was sent. */
  | { readonly why: 'other'; readonly told: string }
  /** The wallet may have sent it, and did not say so: to send it once more could do it twice. */
  | { readonly why: 'unsure'; readonly told: string };

/** It was not carried out, and why. */
export class NotCarriedOut extends Error {
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.why, options);
  }
}

/** What was done of an order by now: tried again, it is gone on with and nothing is done twice. */
export interface Done {
  /** How many of its approvals are mined. */
  approved: number;
  /** Of the approval that was sent last, until it is mined. */
  approving: string | null;
  /** Of the transaction; null: it was not sent. */
  hash: string | null;
  signature: string | null;
}

export const nothingDone = (): Done => ({ approved: 0, approving: null, hash: null, signature: null });

export interface CarryOutPorts {
  readonly wallet: Wallet;
  readonly address: string;
  readonly done: Done;
  readonly submitTransaction: (commandId: string, txHash: string) => Promise<void>;
  readonly submitSignature: (commandId: string, signature: string) => Promise<void>;
  readonly onStep: (step: Step) => void;
  /** Waits before the chain is looked at, or the server told, again. */
  readonly pause: () => Promise<void>;
  /** How often it is looked at whether an approval is mined. */
  readonly looksMax: number;
  /** For how long a wallet may be silent that has nobody to ask. */
  readonly answerMs: number;
}

type Receipt = Pick<
  ReceiptFieldsFragment,
  'chainId' | 'commandId' | 'approvals' | 'transaction' | 'signatureRequest'
>;

/** How often the server is told of a transaction; that its chain tells it too is enough. */
const TELLS_MAX = 3;

/**
 * Has a command signed as its receipt says: by a request for our sender (EIP-712), or by transactions of the wallet, each tried on its
 * chain as that is before it is signed, approvals mined before what needs them. What was done before is not done again.
 * @throws NotCarriedOut
 */
export async function carryOut(receipt: Receipt, ports: CarryOutPorts): Promise<void> {
  const { done } = ports;
  const { approvals, chainId, commandId, transaction } = receipt;
  if (done.hash !== null) return tell(commandId, done.hash, ports);
  if (receipt.signatureRequest === null && transaction === null) return; // it was sent before
  if ([...approvals, ...(transaction ? [transaction] : [])].some((one) => one.chainId !== chainId))
    throw new NotCarriedOut({ why: 'chain' });
  await attempt(() => within(ports.wallet.onChain(chainId), ports.answerMs), ports);
  if (receipt.signatureRequest !== null) return signRequest(receipt, ports);
  if (transaction === null) return;
  for (; done.approved < approvals.length; done.approved += 1)
    await approve(approvals[done.approved] as TransactionToSend, done.approved, approvals.length, ports);
  ports.onStep({ at: 'simulating' });
  await simulate(transaction, ports);
  ports.onStep({ at: 'signing' });
  done.hash = await sent(transaction, ports);
  return tell(commandId, done.hash, ports);
}

/** Signed once: where it could not be handed in, that is what is tried again. */
async function signRequest({ commandId, signatureRequest }: Receipt, ports: CarryOutPorts): Promise<void> {
  const { address, done, onStep, wallet } = ports;
  if (done.signature === null && signatureRequest !== null) {
    onStep({ at: 'signing' });
    done.signature = await attempt(() => wallet.signTyped(signatureRequest, address), ports);
  }
  onStep({ at: 'handing-in' });
  return attempt(() => ports.submitSignature(commandId, done.signature ?? ''), ports);
}

/** The transaction names its command, so that the chain tells of it as well: what cannot be handed in is no failure. */
async function tell(commandId: string, hash: string, ports: CarryOutPorts): Promise<void> {
  ports.onStep({ at: 'handing-in' });
  for (let tells = 0; tells < TELLS_MAX; tells += 1) {
    const isTold = await ports.submitTransaction(commandId, hash).then(
      () => true,
      () => false,
    );
    if (isTold) return;
    await ports.pause();
  }
}

async function approve(
  approval: TransactionToSend,
  index: number,
  of: number,
  ports: CarryOutPorts,
): Promise<void> {
  const { done } = ports;
  if (done.approving === null) {
    ports.onStep({ at: 'approving', index, of });
    await simulate(approval, ports);
    done.approving = await sent(approval, ports);
  }
  const hash = done.approving;
  ports.onStep({ at: 'mining', index, of });
  for (let looks = 0; looks < ports.looksMax; looks += 1) {
    const asking = ports.wallet.ask('eth_getTransactionReceipt', [hash]);
    // Some providers answer with an error for what they have not seen yet.
    const mined = await within(asking, ports.answerMs).catch(() => null);
    const status = (mined as { readonly status?: unknown } | null)?.status;
    if (status === '0x1' || status === '0x0') done.approving = null;
    if (status === '0x1') return;
    if (status === '0x0') throw new NotCarriedOut({ why: 'approval', hash });
    await ports.pause();
  }
  throw new NotCarriedOut({ why: 'late', hash });
}

async function simulate(transaction: TransactionToSend, ports: CarryOutPorts): Promise<void> {
  const { address, answerMs, wallet } = ports;
  try {
    await within(wallet.onChain(transaction.chainId), answerMs);
    await within(wallet.ask('eth_call', [callOf(transaction, address), 'latest']), answerMs);
  } catch (error) {
    throw new NotCarriedOut({ why: 'simulation', told: messageOf(error) }, { cause: error });
  }
}

/** A person takes as long as they take. Whatever goes wrong but their no may have come after it was sent. */
async function sent(
  transaction: TransactionToSend,
  { address, done, wallet }: CarryOutPorts,
): Promise<string> {
  try {
    return await wallet.send(transaction, address);
  } catch (error) {
    if (wasDeclined(error)) throw declined(done, error);
    throw new NotCarriedOut({ why: 'unsure', told: messageOf(error) }, { cause: error });
  }
}

async function attempt<Result>(work: () => Promise<Result>, { done }: CarryOutPorts): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (wasDeclined(error)) throw declined(done, error);
    throw new NotCarriedOut({ why: 'other', told: messageOf(error) }, { cause: error });
  }
}

const declined = ({ approved }: Done, cause: unknown): NotCarriedOut =>
  new NotCarriedOut({ why: approved > 0 ? 'declined-after-approval' : 'declined' }, { cause });

/** @throws where it takes longer */
function within<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The wallet does not answer')), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const messageOf = (error: unknown): string => {
  const told = (error as { readonly message?: unknown } | null)?.message;
  return (typeof told === 'string' ? told : String(error)).slice(0, 400);
};
