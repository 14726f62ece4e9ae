import type { Clock } from '@abland/kernel';
import { hashMessage, verifyMessage } from 'ethers';
import { SiweMessage } from 'siwe';
import { ApiError } from '../errors/api-error.js';
import type { ApiErrorCode } from '../errors/codes.js';
import type { IsSignedByContract } from '../wallets/contract-wallets.js';
import type { Nonces } from '../wallets/nonces.js';

export interface SignInRequest {
  /** EIP-4361 text to be signed by personal_sign. */
  readonly message: string;
  readonly nonce: string;
  readonly expiresAt: Date;
}

export interface SignInScope {
  /** Where browsers reach the API; domain and URI of the message are bound to its origin. */
  readonly publicUrl: string;
  /** The chain that messages name. */
  readonly chainId: number;
  /** A message may have been made for any of them. */
  readonly chainIds: readonly number[];
}

/** @param chainId on which the address is, where it is a contract; absent: of the scope */
export function requestSignIn(
  address: string,
  nonces: Nonces,
  scope: SignInScope,
  chainId: number = scope.chainId,
): SignInRequest {
  const { nonce, issuedAt, expiresAt } = nonces.issue(address);
  const { host, origin } = new URL(scope.publicUrl);
  const message = new SiweMessage({
    domain: host,
    address,
    statement: 'Sign in to AB.LAND. This sends no transaction and costs nothing.',
    uri: origin,
    version: '1',
    chainId,
    nonce,
    issuedAt: issuedAt.toISOString(),
    expirationTime: expiresAt.toISOString(),
  }).prepareMessage();
  return { message, nonce, expiresAt };
}

/** Who signed a message of ours: the address, checksummed, and the nonce that it had been given. */
export interface Signer {
  readonly address: string;
  readonly nonce: string;
}

/**
 * Checks everything that the message binds, its signature last: nobody but the address itself can spend its nonce.
 * @throws ApiError SIGN_IN_… with `message` or `signature` as its field.
 */
export async function verifySignIn(
  message: string,
  signature: string,
  nonces: Nonces,
  scope: SignInScope,
  clock: Clock,
  isSignedByContract: IsSignedByContract,
): Promise<Signer> {
  const parsed = parse(message);
  checkScope(parsed, scope);
  await checkNonce(parsed, nonces);
  checkTime(parsed, clock());
  if (recover(message, signature) !== parsed.address) {
    // No account's: the chain is asked last, for it costs the most.
    const claim = { address: parsed.address, hash: hashMessage(message), signature };
    if (!(await isSignedByContract(parsed.chainId, claim)))
      throw refused(
        'SIGN_IN_SIGNATURE_INVALID',
        'The signature is not of the message’s address',
        'signature',
      );
  }
  return { address: parsed.address, nonce: parsed.nonce };
}

/** Good once, of any number at once. @throws ApiError SIGN_IN_NONCE_USED */
export async function useNonce({ address, nonce }: Signer, nonces: Nonces): Promise<void> {
  if (!(await nonces.use(nonce, address))) throw refused('SIGN_IN_NONCE_USED', 'The nonce was used before');
}

const refused = (code: ApiErrorCode, message: string, field = 'message'): ApiError =>
  new ApiError(code, message, field);

/** Ours have some 400 characters. The parser takes time for each, and nothing else is answered meanwhile. */
const MESSAGE_LENGTH_MAX = 2_048;

function parse(message: string): SiweMessage {
  if (message.length > MESSAGE_LENGTH_MAX) {
    throw new ApiError('SIGN_IN_MESSAGE_INVALID', 'The message is too long for one of ours', 'message', {
      lengthMax: MESSAGE_LENGTH_MAX,
    });
  }
  try {
    return new SiweMessage(message);
  } catch (error) {
    throw new ApiError('SIGN_IN_MESSAGE_INVALID', 'Not an EIP-4361 message', 'message', {}, error);
  }
}

function checkScope(message: SiweMessage, scope: SignInScope): void {
  const { host, origin } = new URL(scope.publicUrl);
  const uri = URL.canParse(message.uri) ? new URL(message.uri).origin : null;
  if (message.domain !== host || uri !== origin) {
    throw new ApiError('SIGN_IN_DOMAIN_MISMATCH', 'The message was made for another site', 'message', {
      expected: host,
    });
  }
  if (!scope.chainIds.includes(message.chainId)) {
    throw new ApiError('SIGN_IN_CHAIN_MISMATCH', 'The message was made for another chain', 'message', {
      expected: scope.chainIds.join(', '),
    });
  }
}

async function checkNonce(message: SiweMessage, nonces: Nonces): Promise<void> {
  switch (await nonces.stateOf(message.nonce, message.address)) {
    case 'open':
      return;
    case 'unknown':
      throw refused('SIGN_IN_NONCE_UNKNOWN', 'The nonce was not given out for this address');
    case 'used':
      throw refused('SIGN_IN_NONCE_USED', 'The nonce was used before');
    case 'expired':
      throw refused('SIGN_IN_EXPIRED', 'The nonce expired');
  }
}

function checkTime(message: SiweMessage, now: number): void {
  if (message.expirationTime !== undefined && Date.parse(message.expirationTime) <= now) {
    throw refused('SIGN_IN_EXPIRED', 'The message expired');
  }
  if (message.notBefore !== undefined && Date.parse(message.notBefore) > now) {
    throw refused('SIGN_IN_EXPIRED', 'The message is not valid yet');
  }
}

function recover(message: string, signature: string): string | null {
  try {
    return verifyMessage(message, signature);
  } catch {
    return null; // malformed: told as what it is, a signature of nobody
  }
}
