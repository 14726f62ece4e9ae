import { TypedDataEncoder, type TypedDataField, verifyTypedData } from 'ethers';
import { canonical, type Understood } from '../recording/identity.js';
import { expiryOf } from '../wallets/nonces.js';

/** `<nonce>.<signature>` */
export const CONFIRMATION_HEADER = 'x-confirmation';

/** What a mutation was asked with. */
export interface AskedAct {
  /** The mutation's name. */
  readonly act: string;
  /** Its arguments, as they were understood. */
  readonly input: Readonly<Record<string, Understood>>;
  /** Checksummed. */
  readonly caller: string;
}

export interface Confirmation {
  readonly nonce: string;
  /** In lower case. */
  readonly signature: string;
}

/** No chain is named: wallets refuse to sign for another than they are on, and this concerns none. */
const DOMAIN = { name: 'AB.LAND', version: '1' } as const;
const TYPES: Record<string, TypedDataField[]> = {
  Act: [
    { name: 'site', type: 'string' },
    { name: 'account', type: 'address' },
    { name: 'act', type: 'string' },
    { name: 'arguments', type: 'string' },
    { name: 'nonce', type: 'string' },
    { name: 'expiresAt', type: 'string' },
  ],
};

/** An act as a wallet signs it (EIP-712), under a nonce that is good once. */
export class SignedAct {
  private readonly message: Readonly<Record<string, string>>;

  /**
   * Whoever signs sees in their wallet what is done with which arguments: those are in it as a text.
   * @param site host of the API, as browsers reach it
   */
  constructor({ act, caller, input }: AskedAct, nonce: string, site: string) {
    const expiresAt = new Date(expiryOf(nonce)).toISOString();
    this.message = { site, account: caller, act, arguments: canonical(input), nonce, expiresAt };
  }

  get digest(): string {
    return TypedDataEncoder.hash(DOMAIN, TYPES, this.message);
  }

  /** What `eth_signTypedData_v4` takes, as JSON. */
  get typedData(): object {
    return TypedDataEncoder.getPayload(DOMAIN, TYPES, this.message) as object;
  }

  /** Checksummed; null where it is no account's signature. */
  signerOf(signature: string): string | null {
    try {
      return verifyTypedData(DOMAIN, TYPES, this.message, signature);
    } catch {
      return null; // malformed, or of a contract
    }
  }
}

/** That of a contract which is still to be made says how, in some kilobytes; none is longer. */
const HEADER_CHARS_MAX = 8_192;
const HEADER = /^([0-9a-f]{64})\.(0x(?:[0-9a-f]{2})+)$/;

/** Of the header; null where it is none. */
export function parseConfirmation(header: string): Confirmation | null {
  if (header.length > HEADER_CHARS_MAX) return null;
  const [, nonce, signature] = HEADER.exec(header.trim().toLowerCase()) ?? [];
  return nonce === undefined || signature === undefined ? null : { nonce, signature };
}
