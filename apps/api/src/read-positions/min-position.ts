import type { ApolloServerPlugin } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import type { Position } from '@abland/kernel';
import { GraphQLError } from 'graphql';
import { currentRequest } from '../http/request-context.js';
import type { ReadModelWatch } from './read-model-watch.js';

/** The header by which a request says how new its answer must be at least, as a receipt's `position` has it. */
export const MIN_POSITION_HEADER = 'x-min-position';
/** The header by which such an answer says how new it is at least. */
export const POSITION_HEADER = 'x-position';

/** The read models follow within milliseconds while they are well: whoever waits so long is told that they are not. */
export const POSITION_WITHIN_MS = 5_000;

export interface MinPositionOptions {
  /** Of the database that queries read. */
  readonly watch: ReadModelWatch;
  /** Milliseconds that a request waits at most. */
  readonly withinMs: number;
}

/** Lets what asks for an answer of a position wait until the read models are there; whoever asks for none does not wait. */
export function waitForPosition({ watch, withinMs }: MinPositionOptions): ApolloServerPlugin {
  return {
    async requestDidStart({ request }) {
      const given = request.http?.headers.get(MIN_POSITION_HEADER);
      if (given === undefined) return;
      return {
        async didResolveOperation({ response }) {
          const signal = currentRequest()?.reads?.over ?? null;
          const wanted = positionOf(given);
          const { isReached, position } = await watch.until(wanted, { withinMs, signal });
          if (!isReached) throw notReached(wanted, position, withinMs);
          response.http.headers.set(POSITION_HEADER, `${position}`);
        },
      };
    },
  };
}

/** @throws GraphQLError BAD_REQUEST */
function positionOf(given: string): Position {
  if (/^\d{1,20}$/.test(given)) return BigInt(given);
  throw new GraphQLError('A position is a number in decimal digits, as receipts tell it', {
    extensions: { code: 'BAD_REQUEST', field: MIN_POSITION_HEADER, http: { status: 400 } },
  });
}

function notReached(wanted: Position, position: Position | null, withinMs: number): GraphQLError {
  const details = { minPosition: `${wanted}`, position: position?.toString() ?? null, waitedMs: withinMs };
  const headers = new HeaderMap([['retry-after', '1']]);
  return new GraphQLError('The read models are not at the position yet; ask again', {
    extensions: {
      ...{ code: 'POSITION_NOT_REACHED', field: MIN_POSITION_HEADER, details },
      http: { status: 503, headers },
    },
  });
}
