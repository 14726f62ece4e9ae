import type { ApolloServerPlugin } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { ApiContext } from '../context/api-context.js';
import {
  ofAddress,
  raised,
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
  const owner = await caller();
  const who = owner?.address ?? null;
  const isRaised = owner?.key?.rateClass === 'RAISED';
  /** What of a person counts together: all but keys that ask more often. */
  const whose = isRaised ? (owner?.key?.keyId ?? null) : who;
  const counts: NamedCount[] = [];
  const count = async (scope: string, name: string, limit: RateLimit, key: string, times: number) => {
    const named = { name, limit, counted: await rules.counter.take(scope, limit, key, times) };
    counts.push(named);
    if (!named.counted.isAllowed) throw refused(named, counts);
  };
  const countGeneral = async (limit: RateLimit, key: string, address: string | null) => {
    const named = {
      name: NAMES.general,
      limit,
      counted: await rules.counter.take(isRaised ? 'general of a key' : 'general', limit, key, 1),
    };
    const isOver = !named.counted.isAllowed;
    if (isOver && address !== null && (await rules.mayExceed(address))) return;
    counts.push(named);
    if (isOver) throw refused(named, counts);
  };
  const { general } = rules.limits;
  // A key is counted, whoever's it is: it may be in other hands.
  const operator = owner?.key === null ? who : null;
  if (general !== null && (operator === null || !rules.operators.has(operator)))
    await countGeneral(isRaised ? raised(general) : general, whose ?? network, operator);
  for (const { name, rateClass, times } of classedFields(schema, document, operation)) {
    const limit = rules.limits[rateClass];
    if (limit === null) continue;
    // Who is not signed in yet is where the request comes from; anybody can say to be anybody.
    if (rateClass === 'signIn') await count(name, NAMES.signIn, limit, network, times);
    else if (who !== null) {
      const scope = isRaised ? `${rateClass} of a key` : rateClass;
      await count(scope, NAMES[rateClass], isRaised ? raised(limit) : limit, whose ?? who, times);
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
