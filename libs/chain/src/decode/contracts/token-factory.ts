import { INTERFACES } from '../../contracts/interfaces.js';
import { contractEvents } from '../reading/contract-events.js';
import { dynamicFact } from '../reading/dynamic-fact.js';
import { address, amount } from '../reading/fields.js';
import { staticFact } from '../reading/static-fact.js';
import { FEE_RECIPIENT, OWNERSHIP } from './inherited.js';

export const TOKEN_FACTORY_EVENTS = contractEvents(INTERFACES.ABTokenFactory, [
  dynamicFact('TokenCreated', 'TokenCreated', (args) => ({
    tokenAddress: args.address('tokenAddress'),
    creator: args.address('creator'),
    name: args.untrustedText('name'),
    symbol: args.untrustedText('symbol'),
    totalSupply: args.amount('totalSupply'),
  })),
  dynamicFact('TokenMetadataUpdated', 'TokenMetadataUpdated', (args) => ({
    tokenAddress: args.address('tokenAddress'),
    decimals: args.integer('decimals'),
    metadataURI: args.untrustedText('metadataURI'),
  })),
  staticFact('TokenDeactivated', 'TokenDeactivated', { tokenAddress: address('tokenAddress') }),
  staticFact('CreationFeeUpdated', 'CreationFeeUpdated', {
    oldFee: amount('oldFee'),
    newFee: amount('newFee'),
  }),
  staticFact('CreationFeesCollected', 'CreationFeesCollected', {
    recipient: address('recipient'),
    amount: amount('amount'),
  }),
  FEE_RECIPIENT,
  ...OWNERSHIP,
]);
