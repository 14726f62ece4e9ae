import type { GovernanceClock, VoteCast } from '@abland/domain';
import { INTERFACES } from '../../contracts/interfaces.js';
import type { Arguments } from '../reading/arguments.js';
import { contractEvents, type ContractEvents } from '../reading/contract-events.js';
import { dynamicFact } from '../reading/dynamic-fact.js';
import { address, amount, count } from '../reading/fields.js';
import { staticFact } from '../reading/static-fact.js';
import { SIGNING_DOMAIN } from './inherited.js';
import { proposalCreated } from './proposal.js';

const SUPPORT: readonly VoteCast['data']['support'][] = ['AGAINST', 'FOR', 'ABSTAIN'];

function voteCast(args: Arguments, params: string) {
  const support = SUPPORT[args.integer('support')];
  if (support === undefined) throw new RangeError(`No such support: ${args.amount('support')}`);
  return {
    proposalId: args.amount('proposalId'),
    voter: args.address('voter'),
    support,
    weight: args.amount('weight'),
    reason: args.untrustedText('reason'),
    params,
  };
}

const change = (name: string) => ({ oldValue: amount(`old${name}`), newValue: amount(`new${name}`) });
const ofProposal = { proposalId: amount('proposalId') };

/** @param clock what this Governor counts in */
export const governorEvents = (clock: GovernanceClock): ContractEvents =>
  contractEvents(INTERFACES.ABGovernance, [
    dynamicFact('ProposalCreated', 'ProposalCreated', (args, governor) => ({
      ...proposalCreated(args, governor),
      clock,
    })),
    staticFact('ProposalQueued', 'ProposalQueued', { ...ofProposal, eta: count('etaSeconds') }),
    staticFact('ProposalExecuted', 'ProposalExecuted', ofProposal),
    staticFact('ProposalCanceled', 'ProposalCanceled', ofProposal),
    staticFact('ProposalExtended', 'ProposalExtended', {
      ...ofProposal,
      voteEnd: count('extendedDeadline'),
    }),
    dynamicFact('VoteCast', 'VoteCast', (args) => voteCast(args, '0x')),
    dynamicFact('VoteCastWithParams', 'VoteCast', (args) => voteCast(args, args.bytes('params'))),
    staticFact('VotingDelaySet', 'VotingDelaySet', change('VotingDelay'), { also: { clock } }),
    staticFact('VotingPeriodSet', 'VotingPeriodSet', change('VotingPeriod'), { also: { clock } }),
    staticFact('LateQuorumVoteExtensionSet', 'VoteExtensionSet', change('VoteExtension'), {
      also: { clock },
    }),
    staticFact('VetoGranted', 'VetoGranted', { guardian: address('guardian'), until: count('until') }),
    staticFact('ProposalThresholdSet', 'ProposalThresholdSet', change('ProposalThreshold')),
    staticFact('QuorumNumeratorUpdated', 'QuorumNumeratorUpdated', change('QuorumNumerator')),
    staticFact('TimelockChange', 'GovernanceTimelockChanged', {
      oldTimelock: address('oldTimelock'),
      newTimelock: address('newTimelock'),
    }),
    SIGNING_DOMAIN,
  ]);
