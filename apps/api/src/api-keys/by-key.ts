import type { ApiKeyScope } from '@abland/domain';
import { Extensions } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { ApiError } from '../errors/api-error.js';
import type { KeyRights } from '../sessions/session.js';

const EXTENSION = 'byKey';

/** On a mutation: who comes by a key may ask for it, with this scope. All others take a session. */
export const ByKey = (scope: ApiKeyScope): MethodDecorator =>
  Extensions({ [EXTENSION]: scope }) as MethodDecorator;

/** On a query: it takes a session, no key. All others are answered to a key as to its person, whose roles it has by its scope alone. */
export const NotByKey = (): MethodDecorator => Extensions({ [EXTENSION]: 'NOTHING' }) as MethodDecorator;

/** @throws ApiError FORBIDDEN where a field of the root is not for such a key */
export function requireByKey(key: KeyRights, { fieldName, parentType }: GraphQLResolveInfo): void {
  const needed = parentType.getFields()[fieldName]?.extensions[EXTENSION];
  if (needed === undefined && parentType.name !== 'Mutation') return;
  if (needed === undefined || needed === 'NOTHING') throw sessionNeeded();
  requireScope(key, needed as ApiKeyScope);
}

/** @throws ApiError FORBIDDEN */
export function requireScope({ scopes }: KeyRights, scope: ApiKeyScope): void {
  if (scopes.includes(scope)) return;
  throw new ApiError('FORBIDDEN', 'The key has not the scope that this takes', 'authorization', {
    reason: 'KEY_SCOPE',
    scope,
  });
}

/** What no key opens. */
export const sessionNeeded = (): ApiError =>
  new ApiError('FORBIDDEN', 'This takes a session: sign in, no key opens it', 'authorization', {
    reason: 'SESSION_NEEDED',
  });
