import { type Page, type ReadModel, type VoteView, votesOfProposals } from '@abland/projections';
import DataLoader from 'dataloader';

export interface VotesKey {
  readonly proposalId: string;
  readonly first: number;
  readonly after: string | null;
}
export type VotesLoader = DataLoader<VotesKey, Page<VoteView>, string>;

const pageOf = ({ first, after }: VotesKey): string => JSON.stringify([first, after]);

/** Votes of many proposals: one query for all that ask for the same page. */
export function createVotesLoader(readModel: ReadModel, chainId: number): VotesLoader {
  return new DataLoader<VotesKey, Page<VoteView>, string>(
    async (keys) => {
      const found = new Map<string, ReadonlyMap<string, Page<VoteView>>>();
      const groups = Map.groupBy(keys, pageOf);
      await Promise.all(
        [...groups].map(async ([page, [key, ...others]]) => {
          if (key === undefined) return;
          const { first, after } = key;
          const proposalIds = [key, ...others].map(({ proposalId }) => proposalId);
          found.set(
            page,
            await votesOfProposals(readModel, { chainId, proposalIds, page: { first, after } }),
          );
        }),
      );
      return keys.map(
        (key) => found.get(pageOf(key))?.get(key.proposalId) ?? new Error('No page of votes was read'),
      );
    },
    { cacheKeyFn: (key) => `${key.proposalId} ${pageOf(key)}` },
  );
}
