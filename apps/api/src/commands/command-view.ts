import type { RequestView } from '@abland/projections';
import type { Command, CommandOutcome, CommandTerms } from './types/command.types.js';

/** A command as the read models know it, or will. */
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
