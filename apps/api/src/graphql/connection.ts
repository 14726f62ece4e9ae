import type { Type } from '@nestjs/common';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ApiError } from '../errors/api-error.js';
import { CursorScalar } from './scalars.js';

export const FIRST_DEFAULT = 20;
const FIRST_MAX = 100;

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Lists are read forward; true where `after` was given.' })
  hasPreviousPage!: boolean;

  @Field(() => CursorScalar, { nullable: true })
  startCursor!: string | null;

  @Field(() => CursorScalar, { nullable: true })
  endCursor!: string | null;
}

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
}

/** A connection that can tell how many rows the whole list has: a getter, so that they are counted where it is asked for. */
export interface CountedConnection<Node> extends Connection<Node> {
  /** Null where counting would read the list. */
  readonly totalCount: Promise<number | null>;
}

/** The Relay connection type of a node type, named after it. */
export function connectionOf<Node>(
  node: Type<Node>,
  name: string,
  options: { readonly isAbstract?: boolean } = {},
): Type<Connection<Node>> {
  @ObjectType(`${name}Edge`)
  class NodeEdge {
    @Field(() => CursorScalar)
    cursor!: string;

    @Field(() => node)
    node!: Node;
  }

  @ObjectType(`${name}Connection`, options)
  class NodeConnection implements Connection<Node> {
    @Field(() => [NodeEdge])
    edges!: NodeEdge[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return NodeConnection;
}

/** The same with a count of the whole list. */
export function countedConnectionOf<Node>(node: Type<Node>, name: string): Type<Connection<Node>> {
  @ObjectType(`${name}Connection`)
  class CountedNodeConnection extends connectionOf(node, name, { isAbstract: true }) {
    @Field(() => Int, {
      nullable: true,
      description:
        'Rows of the whole list, where that is known without reading it: without a filter; else null.',
    })
    totalCount!: number | null;
  }
  return CountedNodeConnection;
}

/** @throws ApiError INVALID_PAGINATION */
export function parseFirst(first: number | null | undefined, field = 'first', max = FIRST_MAX): number {
  const rows = first ?? Math.min(FIRST_DEFAULT, max);
  if (!Number.isInteger(rows) || rows < 1 || rows > max) {
    throw new ApiError('INVALID_PAGINATION', `${field} is from 1 to ${max}`, field, { max });
  }
  return rows;
}
