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
import type { TokenOwner } from '../sessions/session.js';
import { type ClassedField, classedFields } from './rate-classed.js';
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
  const counting = new OperationCount(rules, await caller(), network);
  await counting.general();
  for (const field of classedFields(schema, document, operation)) await counting.classed(field);
  return counting.counts;
}

/** Of a request whose operation is in no class. @throws GraphQLError RATE_LIMITED */
export async function countRequest(
  rules: RateRules,
  { caller, network }: Counting,
): Promise<readonly NamedCount[]> {
  const counting = new OperationCount(rules, await caller(), network);
  await counting.general();
  return counting.counts;
}

/** One operation in each of the limits that it is under. */
class OperationCount {
  readonly counts: NamedCount[] = [];
  private readonly person: string | null;
  /** Of a key that counts by itself. */
  private readonly raisedKey: string | null;

  constructor(
    private readonly rules: RateRules,
    private readonly owner: TokenOwner | null,
    private readonly network: string,
  ) {
    this.person = owner?.address ?? null;
    this.raisedKey = owner?.key?.rateClass === 'RAISED' ? owner.key.keyId : null;
  }

  async general(): Promise<void> {
    const { limits, mayExceed, operators } = this.rules;
    // A key is counted, whoever's it is: it may be in other hands.
    const operator = this.owner?.key === null ? this.person : null;
    if (limits.general === null || (operator !== null && operators.has(operator))) return;
    const told = await this.ofCaller('general', limits.general, this.person ?? this.network, 1);
    if (!told.counted.isAllowed && operator !== null && (await mayExceed(operator))) return;
    this.tell(told);
  }

  async classed({ name, rateClass, times }: ClassedField): Promise<void> {
    const limit = this.rules.limits[rateClass];
    if (limit === null) return;
    // Who is not signed in yet is where the request comes from; anybody can say to be anybody.
    if (rateClass === 'signIn')
      return this.tell(await this.take(name, NAMES.signIn, limit, this.network, times));
    if (this.person === null) return;
    this.tell(await this.ofCaller(rateClass, limit, this.person, times));
    const [scope, told] = [`${rateClass} of an address`, `${NAMES[rateClass]}-address`];
    this.tell(await this.take(scope, told, ofAddress(limit), this.network, times));
  }

  /** All of a person counts together but keys that ask more often, each of which counts by itself. */
  private ofCaller(
    rateClass: RateClass,
    limit: RateLimit,
    whose: string,
    times: number,
  ): Promise<NamedCount> {
    const name = NAMES[rateClass];
    return this.raisedKey === null
      ? this.take(rateClass, name, limit, whose, times)
      : this.take(`${rateClass} of a key`, name, raised(limit), this.raisedKey, times);
  }

  private async take(
    scope: string,
    name: string,
    limit: RateLimit,
    key: string,
    times: number,
  ): Promise<NamedCount> {
    return { name, limit, counted: await this.rules.counter.take(scope, limit, key, times) };
  }

  /** @throws GraphQLError RATE_LIMITED */
  private tell(count: NamedCount): void {
    this.counts.push(count);
    if (!count.counted.isAllowed) throw refused(count, this.counts);
  }
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
