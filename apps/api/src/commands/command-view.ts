import { type AcceptedRequest, transactionOf } from '@abland/domain';
import type { RequestView } from '@abland/projections';
import type { Command, CommandOutcome, CommandTerms } from './types/command.types.js';

/** A command as the read models know it. */
export function commandOf(view: RequestView): Command {
  const { id, requester: _, terms, outcome, failureCode, failureField, failureReason, ...same } = view;
  return {
    ...same,
    commandId: id,
    terms: terms as CommandTerms | null,
    outcome: outcome as CommandOutcome | null,
    failure: failureCode === null ? null : { code: failureCode, field: failureField, reason: failureReason },
  };
}

/** A command as the log has it, for as long as the read models have not seen it: seconds, while they are well. */
export function commandInLog(state: AcceptedRequest): Command {
  const { status, kind, relay } = state;
  const { commandId, chainId, execution, requestedAt, deadline } = state.request;
  const terms = state.request.terms as CommandTerms;
  return {
    ...{ commandId, chainId, kind, status, execution, requestedAt, deadline, terms },
    txHash: transactionOf(state),
    relayStatus: relay?.status ?? null,
    token: tokenOf(state) ?? terms.tokenAddress ?? null,
    poolId: terms.poolId ?? null,
    ...told(state),
  };
}

/** The token that a creation was answered with. */
function tokenOf(state: AcceptedRequest): string | null {
  const outcome = state.status === 'CONFIRMED' || state.status === 'FINALIZED' ? state.outcome : null;
  return outcome !== null && 'tokenAddress' in outcome ? outcome.tokenAddress : null;
}

const NOTHING_YET = { outcome: null, blockNumber: null, failure: null };

function told(state: AcceptedRequest): Pick<Command, 'outcome' | 'blockNumber' | 'failure'> {
  switch (state.status) {
    case 'ACCEPTED':
    case 'SUBMITTED':
    case 'EXPIRED':
      return NOTHING_YET;
    case 'CONFIRMED':
    case 'FINALIZED':
      return { ...NOTHING_YET, outcome: state.outcome, blockNumber: state.mined.blockNumber };
    case 'REVERTED': {
      const failure = { code: 'REVERTED', field: null, reason: state.reason };
      return { ...NOTHING_YET, blockNumber: state.mined.blockNumber, failure };
    }
    case 'FAILED':
      return { ...NOTHING_YET, failure: { code: state.code, field: null, reason: state.reason } };
  }
}
