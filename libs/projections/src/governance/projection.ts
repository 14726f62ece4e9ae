import { ZERO_ADDRESS } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf } from '../engine/projection.js';
import { proposalHandlers } from './proposal-handlers.js';
import { settingsHandlers } from './settings-handlers.js';
import {
  governanceChanges,
  governanceSettings,
  proposalOperations,
  proposals,
  proposalVotes,
  votingPowers,
} from './tables.js';
const NO_POWER = { votes: 0n, delegate: null } as const;

const accountOf = (event: Pick<RecordedEvent, 'metadata'>, account: string) => ({
  chain_id: chainPlaceOf(event).chainId,
  account,
});

/** Proposals with their votes and ends, the settings that they are judged by, and who votes for whom. */
export const governanceProjection: Projection = {
  name: 'governance',
  version: 2,
  tables: [governanceSettings, governanceChanges, proposals, proposalVotes, proposalOperations, votingPowers],
  handlers: {
    ...settingsHandlers,
    ...proposalHandlers,
    VotesDelegated: {
      reads: (event) => [rowOf(votingPowers, accountOf(event, event.data.delegator))],
      apply: (event, rows) => {
        const key = accountOf(event, event.data.delegator);
        const { toDelegate } = event.data;
        rows.put(votingPowers, {
          ...key,
          votes: (rows.get(votingPowers, key) ?? NO_POWER).votes,
          delegate: toDelegate === ZERO_ADDRESS ? null : toDelegate,
          updated_block: chainPlaceOf(event).blockNumber,
        });
      },
    },
    DelegateVotesChanged: {
      reads: (event) => [rowOf(votingPowers, accountOf(event, event.data.delegate))],
      apply: (event, rows) => {
        const key = accountOf(event, event.data.delegate);
        rows.put(votingPowers, {
          ...key,
          votes: BigInt(event.data.newVotes),
          delegate: (rows.get(votingPowers, key) ?? NO_POWER).delegate,
          updated_block: chainPlaceOf(event).blockNumber,
        });
      },
    },
  },
};
