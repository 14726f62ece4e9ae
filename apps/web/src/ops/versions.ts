import type { FollowProjectionsSubscription } from '../api/operations.gen.js';

type Told = Pick<FollowProjectionsSubscription['projections'], 'name' | 'answersVersion'>;

/** Changes whenever what the API answers of one read model may have changed. */
export const versionOf = (projections: readonly Told[], name: string): string =>
  projections.find((one) => one.name === name)?.answersVersion ?? '';
