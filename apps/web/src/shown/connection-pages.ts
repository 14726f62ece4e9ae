import type { Page } from '../api/pages.js';

interface Connection<Row> {
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** A page of a list as the API tells it. */
export const pageOf = <Row>({ edges, pageInfo }: Connection<Row>): Page<Row> => ({
  rows: edges.map(({ node }) => node),
  next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
});
