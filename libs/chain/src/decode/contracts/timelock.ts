import { INTERFACES } from '../../contracts/interfaces.js';
import type { Arguments } from '../reading/arguments.js';
import { contractEvents } from '../reading/contract-events.js';
import { dynamicFact } from '../reading/dynamic-fact.js';
import { address, amount, hash } from '../reading/fields.js';
import { staticFact } from '../reading/static-fact.js';

const operationCall = (args: Arguments) => ({
  operationId: args.bytes('id'),
  index: args.integer('index'),
  target: args.address('target'),
  value: args.amount('value'),
  calldata: args.bytes('data'),
});
const roleChange = { role: hash('role'), account: address('account'), sender: address('sender') };

export const TIMELOCK_EVENTS = contractEvents(INTERFACES.ABTimelock, [
  dynamicFact('CallScheduled', 'TimelockCallScheduled', (args) => ({
    ...operationCall(args),
    predecessor: args.bytes('predecessor'),
    delay: args.amount('delay'),
  })),
  dynamicFact('CallExecuted', 'TimelockCallExecuted', operationCall),
  staticFact('CallSalt', 'TimelockSaltTold', { operationId: hash('id'), salt: hash('salt') }),
  staticFact('Cancelled', 'TimelockOperationCancelled', { operationId: hash('id') }),
  staticFact('MinDelayChange', 'TimelockDelayChanged', {
    oldValue: amount('oldDuration'),
    newValue: amount('newDuration'),
  }),
  staticFact('RoleGranted', 'RoleGranted', roleChange),
  staticFact('RoleRevoked', 'RoleRevoked', roleChange),
  staticFact('RoleAdminChanged', 'RoleAdminChanged', {
    role: hash('role'),
    previousAdminRole: hash('previousAdminRole'),
    newAdminRole: hash('newAdminRole'),
  }),
]);
