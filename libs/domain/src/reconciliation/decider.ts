import type { Decider } from '@abland/kernel';
import type { BlockNumber, Hash, Instant, Uuid } from '../vocabulary/values.js';
import {
  type DriftFound,
  RECONCILIATION_VERSIONS,
  type Reconciled,
  type ReconciliationEvent,
} from './events.js';

export interface TellDrift {
  readonly type: 'TellDrift';
  readonly drift: DriftFound['data'];
}
/** Of what was told, if it was. */
export interface TellAgreement {
  readonly type: 'TellAgreement';
  readonly of: Reconciled;
  readonly blockNumber: BlockNumber;
  readonly blockHash: Hash;
  readonly at: Instant;
}
export type ReconciliationCommand = TellDrift | TellAgreement;

export interface OpenDrift extends Reconciled {
  readonly driftId: Uuid;
}

/** What differs at the moment, oldest first. */
export interface ReconciliationState {
  readonly open: readonly OpenDrift[];
}

/** What drifts is told once, until it has ended: what differs in it may change meanwhile. */
export const reconciliationDecider: Decider<ReconciliationCommand, ReconciliationState, ReconciliationEvent> =
  {
    initialState: { open: [] },
    decide(command, { open }) {
      switch (command.type) {
        case 'TellDrift':
          if (open.some((known) => isSame(known, command.drift))) return [];
          return [{ type: 'DriftFound', version: RECONCILIATION_VERSIONS.DriftFound, data: command.drift }];
        case 'TellAgreement': {
          const { at, blockHash, blockNumber } = command;
          return open
            .filter((known) => isSame(known, command.of))
            .map(({ driftId }) => ({
              type: 'DriftEnded',
              version: RECONCILIATION_VERSIONS.DriftEnded,
              data: { driftId, blockNumber, blockHash, at },
            }));
        }
        default:
          return command satisfies never;
      }
    },
    evolve({ open }, event) {
      if (event.type === 'DriftEnded')
        return { open: open.filter(({ driftId }) => driftId !== event.data.driftId) };
      const { account, contract, driftId, kind, poolId } = event.data;
      return { open: [...open, { driftId, kind, contract, poolId, account }] };
    },
  };

/** Names one thing that is compared. */
export const reconciledKey = ({ account, contract, kind, poolId }: Reconciled): string =>
  [kind, contract, poolId ?? '', account ?? ''].join('/');

const isSame = (one: Reconciled, other: Reconciled): boolean => reconciledKey(one) === reconciledKey(other);
