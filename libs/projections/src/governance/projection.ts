import { placeOf, type Projection, rowOf } from '../engine/projection.js';
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

const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';
const NO_POWER = { votes: 0n, delegate: null } as const;

/** Proposals with their votes and ends, the settings that they are judged by, and who votes for whom. */
export const governanceProjection: Projection = {
  name: 'governance',
  version: 1,
  tables: [governanceSettings, governanceChanges, proposals, proposalVotes, proposalOperations, votingPowers],
  handlers: {
    ...settingsHandlers,
    ...proposalHandlers,
    VotesDelegated: {
      reads: ({ data }) => [rowOf(votingPowers, { account: data.delegator })],
      apply: (event, rows) => {
        const account = event.data.delegator;
        const { toDelegate } = event.data;
        rows.put(votingPowers, {
          account,
          votes: (rows.get(votingPowers, { account }) ?? NO_POWER).votes,
          delegate: toDelegate === ZERO_ADDRESS ? null : toDelegate,
          updated_block: placeOf(event).blockNumber,
        });
      },
    },
    DelegateVotesChanged: {
      reads: ({ data }) => [rowOf(votingPowers, { account: data.delegate })],
      apply: (event, rows) => {
        const account = event.data.delegate;
        rows.put(votingPowers, {
          account,
          votes: BigInt(event.data.newVotes),
          delegate: (rows.get(votingPowers, { account }) ?? NO_POWER).delegate,
          updated_block: placeOf(event).blockNumber,
        });
      },
    },
  },
};
