import { address } from '../reading/fields.js';
import { staticFact, type StaticFact } from '../reading/static-fact.js';

const owners = { previousOwner: address('previousOwner'), newOwner: address('newOwner') };

/** Of every contract with an owner. */
export const OWNERSHIP: readonly StaticFact[] = [
  staticFact('OwnershipTransferStarted', 'OwnershipTransferStarted', owners),
  staticFact('OwnershipTransferred', 'OwnershipTransferred', owners),
];

/** Of every contract that receives fees. */
export const FEE_RECIPIENT: StaticFact = staticFact('FeeRecipientUpdated', 'FeeRecipientUpdated', {
  oldRecipient: address('oldRecipient'),
  newRecipient: address('newRecipient'),
});

/** Of every contract that checks signatures of its own. */
export const SIGNING_DOMAIN: StaticFact = staticFact('EIP712DomainChanged', 'SigningDomainChanged', {});
