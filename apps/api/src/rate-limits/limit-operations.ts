import type { ApolloServerPlugin } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { ApiContext } from '../context/api-context.js';
import {
  ofAddress,
  type RateClass,
  type RateCounter,
  type RateLimit,
  type RateLimits,
} from './rate-limit.js';
import { classedFields } from './rate-classed.js';
import { type NamedCount, RATE_LIMITED_MESSAGE, rateDetails, rateHeaders } from './told-rates.js';

/** Who is counted: who signed in, and where it comes from. */
export type Counting = Pick<ApiContext, 'caller' | 'network'>;

export interface RateRules {
  readonly limits: RateLimits;
  readonly counter: RateCounter;
  /** Of whom requests are not counted: they look after a system in trouble. Sign-ins are. */
  readonly operators: ReadonlySet<string>;
  /** Whether somebody else is let through who is over the limit, being an operator too: asked for then alone. */
  readonly mayExceed: (address: string) => Promise<boolean>;
}

/** Refuses what a caller asks for too often, before anything of it runs, and tells how much is left. */
export function limitOperations(rules: RateRules): ApolloServerPlugin<ApiContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, contextValue, response }) {
          if (operation === undefined) return;
          const counts = await countOperation(rules, { schema, document, operation }, contextValue);
          for (const [name, value] of Object.entries(rateHeaders(counts)))
            response.http.headers.set(name, value);
        },
      };
    },
  };
}

/** Of a message on a socket, as of each request over HTTP, before anything of it is read. @throws GraphQLError RATE_LIMITED */
export async function countMessage({ limits, counter }: RateRules, network: string): Promise<void> {
  if (limits.general === null) return;
  const limit = ofAddress(limits.general);
  const count = { name: 'address', limit, counted: await counter.take('address', limit, network, 1) };
  if (!count.counted.isAllowed) throw refused(count, [count]);
}

export interface ResolvedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** @throws GraphQLError RATE_LIMITED */
export async function countOperation(
  rules: RateRules,
  { schema, document, operation }: ResolvedOperation,
  { caller, network }: Counting,
): Promise<readonly NamedCount[]> {
  const who = await caller();
  const counts: NamedCount[] = [];
  const count = async (scope: string, name: string, limit: RateLimit, key: string, times: number) => {
    const named = { name, limit, counted: await rules.counter.take(scope, limit, key, times) };
    counts.push(named);
    if (!named.counted.isAllowed) throw refused(named, counts);
  };
  const countGeneral = async (limit: RateLimit, key: string, address: string | null) => {
    const named = { name: NAMES.general, limit, counted: await rules.counter.take('general', limit, key, 1) };
    const isOver = !named.counted.isAllowed;
    if (isOver && address !== null && (await rules.mayExceed(address))) return;
    counts.push(named);
    if (isOver) throw refused(named, counts);
  };
  const { general } = rules.limits;
  if (general !== null && (who === null || !rules.operators.has(who)))
    await countGeneral(general, who ?? network, who);
  for (const { name, rateClass, times } of classedFields(schema, document, operation)) {
    const limit = rules.limits[rateClass];
    if (limit === null) continue;
    // Who is not signed in yet is where the request comes from; anybody can say to be anybody.
    if (rateClass === 'signIn') await count(name, NAMES.signIn, limit, network, times);
    else if (who !== null) {
      await count(rateClass, NAMES[rateClass], limit, who, times);
      await count(
        `${rateClass} of an address`,
        `${NAMES[rateClass]}-address`,
        ofAddress(limit),
        network,
        times,
      );
    }
  }
  return counts;
}

/** As clients read them. */
const NAMES: Readonly<Record<RateClass, string>> = {
  general: 'general',
  creation: 'creation',
  trading: 'trading',
  signIn: 'sign-in',
};

function refused(count: NamedCount, counts: readonly NamedCount[]): GraphQLError {
  const headers = new HeaderMap(Object.entries(rateHeaders(counts)));
  return new GraphQLError(RATE_LIMITED_MESSAGE, {
    extensions: { code: 'RATE_LIMITED', details: rateDetails(count), http: { status: 429, headers } },
  });
}
