import { AblandError, type FailureClass, retrying } from '@abland/kernel';
import {
  type BaseWallet,
  isError,
  keccak256,
  type Provider,
  type TransactionRequest,
  type TransactionResponse,
} from 'ethers';

/** Whoever else sends from the account came to its nonce first each time. */
export class NonceTaken extends AblandError {
  readonly code = 'NONCE_TAKEN';
  override readonly failureClass = 'LATER';
}

/** Of so many that send from one account at once, each has its turn. */
const ATTEMPTS_MAX = 20;
const PAUSE_MS = { min: 20, max: 500 };

/**
 * Sends from an account from which others send at the same time: who comes to a nonce first has it, and the others take the next one.
 * @throws NonceTaken
 */
export function sendFrom(
  wallet: BaseWallet,
  provider: Provider,
  transaction: TransactionRequest,
): Promise<TransactionResponse> {
  const send = (): Promise<TransactionResponse> => sendOnce(wallet.connect(provider), provider, transaction);
  return retrying(send, { attemptsMax: ATTEMPTS_MAX, pauseMs: PAUSE_MS, classify });
}

/** What failed otherwise may have been sent, and would be sent once more with the next nonce. */
const classify = (error: unknown): FailureClass => (error instanceof NonceTaken ? 'LATER' : 'OURS');

async function sendOnce(
  wallet: BaseWallet,
  provider: Provider,
  transaction: TransactionRequest,
): Promise<TransactionResponse> {
  const populated = await wallet.populateTransaction(transaction);
  const signed = await wallet.signTransaction(populated);
  try {
    return await provider.broadcastTransaction(signed);
  } catch (error) {
    // The same one was sent before: by another run of the same name, or the answer was lost.
    const known = await provider.getTransaction(keccak256(signed));
    if (known !== null) return known;
    if (!isError(error, 'NONCE_EXPIRED') && !isError(error, 'REPLACEMENT_UNDERPRICED')) throw error;
    const taken = `Nonce ${populated.nonce} of ${wallet.address} was taken by somebody else, ${ATTEMPTS_MAX} times in a row`;
    throw new NonceTaken(taken, { account: wallet.address });
  }
}
