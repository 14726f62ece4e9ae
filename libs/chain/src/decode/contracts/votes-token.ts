import { INTERFACES } from '../../contracts/interfaces.js';
import { contractEvents } from '../reading/contract-events.js';
import { address, amount } from '../reading/fields.js';
import { staticFact } from '../reading/static-fact.js';
import { SIGNING_DOMAIN } from './inherited.js';

const NOBODY = '0'.repeat(40);

/** Of the token whose delegated balances are votes. A transfer is a fact where it is a mint. */
export const VOTES_TOKEN_EVENTS = contractEvents(
  INTERFACES.ABToken,
  [
    staticFact(
      'Transfer',
      'GovernanceTokenMinted',
      { to: address('to'), amount: amount('value') },
      { where: { from: NOBODY } },
    ),
    staticFact('DelegateChanged', 'VotesDelegated', {
      delegator: address('delegator'),
      fromDelegate: address('fromDelegate'),
      toDelegate: address('toDelegate'),
    }),
    staticFact('DelegateVotesChanged', 'DelegateVotesChanged', {
      delegate: address('delegate'),
      oldVotes: amount('previousVotes'),
      newVotes: amount('newVotes'),
    }),
    SIGNING_DOMAIN,
  ],
  { Approval: 'Who may move votes that are not theirs decides nothing until the votes are moved' },
);
