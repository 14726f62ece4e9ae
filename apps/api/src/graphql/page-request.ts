import { parseFirst } from './connection.js';

export interface PageArguments {
  readonly first: number | null;
  readonly after: string | null;
}

/** @throws ApiError INVALID_PAGINATION */
export const pageRequest = ({ first, after }: PageArguments) => ({ first: parseFirst(first), after });

/** Maps a page of views onto a connection of nodes. */
export const connect = <View, Node>(
  page: {
    readonly edges: readonly { readonly cursor: string; readonly node: View }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string | null;
      readonly endCursor: string | null;
    };
  },
  nodeOf: (view: View) => Node,
) => ({
  edges: page.edges.map(({ cursor, node }) => ({ cursor, node: nodeOf(node) })),
  pageInfo: page.pageInfo,
});
