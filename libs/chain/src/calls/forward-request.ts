import { getAddress, Signature, TypedDataEncoder, verifyTypedData, type TypedDataField } from 'ethers';
import type { Address, ForwardRequest, HexData, Uuid } from '@abland/domain';
import { encodeTaggedCall, type ContractCall } from './contract-call.js';
import { INTERFACES } from '../contracts/interfaces.js';

const FORWARDER_NAME = 'AB.LAND Forwarder';
const FORWARDER_VERSION = '1';

const TYPES: Record<string, TypedDataField[]> = {
  ForwardRequest: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'gas', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint48' },
    { name: 'data', type: 'bytes' },
  ],
};

export interface ForwarderReference {
  readonly chainId: number;
  readonly forwarder: Address;
}

const domain = ({ chainId, forwarder }: ForwarderReference) => ({
  name: FORWARDER_NAME,
  version: FORWARDER_VERSION,
  chainId,
  verifyingContract: forwarder,
});

const message = (request: ForwardRequest): Record<string, unknown> => ({ ...request });

/** What `eth_signTypedData_v4` takes, as JSON. */
export interface TypedData {
  readonly domain: Readonly<Record<string, unknown>>;
  readonly types: Readonly<Record<string, readonly TypedDataField[]>>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** The EIP-712 typed data that a user signs so that our sender may execute the request. */
export function forwardRequestTypedData(reference: ForwarderReference, request: ForwardRequest): TypedData {
  return TypedDataEncoder.getPayload(domain(reference), TYPES, message(request)) as TypedData;
}

/**
 * A signature as the forwarder takes it, v 27 or 28 and the lower s: hardware wallets give v as 0 or 1. Null where it is
 * malformed.
 */
export function canonicalSignature(signature: HexData): HexData | null {
  try {
    return Signature.from(signature).getCanonical().serialized;
  } catch {
    return null;
  }
}

/** Who signed the request, checksummed; null where the signature is malformed. */
export function recoverForwardRequestSigner(
  reference: ForwarderReference,
  request: ForwardRequest,
  signature: HexData,
): Address | null {
  try {
    return getAddress(verifyTypedData(domain(reference), TYPES, message(request), signature));
  } catch {
    return null;
  }
}

/** Our sender's call that executes a signed request; the value is passed on. */
export function encodeForwardExecution(
  forwarder: Address,
  request: ForwardRequest,
  signature: HexData,
  commandId: Uuid,
): ContractCall {
  const { from, to, value, gas, deadline, data } = request;
  const values = [{ from, to, value, gas, deadline, data, signature }];
  return encodeTaggedCall(INTERFACES.ABForwarder, forwarder, 'execute', values, commandId, BigInt(value));
}
