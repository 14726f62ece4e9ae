import { INTERFACES } from '../../contracts/interfaces.js';
import { contractEvents } from '../reading/contract-events.js';
import { address, amount, flag } from '../reading/fields.js';
import { staticFact } from '../reading/static-fact.js';
import { SIGNING_DOMAIN } from './inherited.js';

export const FORWARDER_EVENTS = contractEvents(INTERFACES.ABForwarder, [
  staticFact('ExecutedForwardRequest', 'ForwardRequestExecuted', {
    signer: address('signer'),
    nonce: amount('nonce'),
    success: flag('success'),
  }),
  SIGNING_DOMAIN,
]);
