import { INTERFACES } from '../../contracts/interfaces.js';
import { contractEvents } from '../reading/contract-events.js';
import { address, amount, count, hash } from '../reading/fields.js';
import { staticFact } from '../reading/static-fact.js';
import { OWNERSHIP, SIGNING_DOMAIN } from './inherited.js';

export const CHECKPOINT_EVENTS = contractEvents(INTERFACES.ABCheckpoint, [
  staticFact('TreeHeadAnchored', 'TreeHeadAnchored', {
    logId: hash('logId'),
    index: count('index'),
    treeSize: amount('treeSize'),
    rootHash: hash('rootHash'),
    signer: address('signer'),
  }),
  staticFact('TreeHeadRetracted', 'TreeHeadRetracted', {
    logId: hash('logId'),
    index: count('index'),
    newestIndex: count('newestIndex'),
  }),
  staticFact('SignerUpdated', 'CheckpointSignerUpdated', {
    logId: hash('logId'),
    oldSigner: address('oldSigner'),
    newSigner: address('newSigner'),
  }),
  SIGNING_DOMAIN,
  ...OWNERSHIP,
]);
