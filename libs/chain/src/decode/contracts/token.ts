import type { Address } from '@abland/domain';
import { INTERFACES } from '../../contracts/interfaces.js';
import { contractEvents, type ContractEvents } from '../reading/contract-events.js';
import { address, amount } from '../reading/fields.js';
import { staticFact } from '../reading/static-fact.js';

const digits = (value: Address): string => value.slice(2).toLowerCase();

/** Of the tokens that our factory created. */
export const tokenEvents = (liquidityManager: Address): ContractEvents =>
  contractEvents(
    INTERFACES.ABToken,
    [
      staticFact('Transfer', 'Transfer', {
        from: address('from'),
        to: address('to'),
        amount: amount('value'),
      }),
      staticFact(
        'Approval',
        'Approval',
        { owner: address('owner'), spender: address('spender'), amount: amount('value') },
        { where: { spender: digits(liquidityManager) } },
      ),
    ],
    {
      DelegateChanged: 'Votes of launched tokens decide nothing here',
      DelegateVotesChanged: 'Votes of launched tokens decide nothing here',
      EIP712DomainChanged: 'A permit is between a holder and whoever is allowed; only its Approval counts',
    },
  );
