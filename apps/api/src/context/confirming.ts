import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { invariant } from '@abland/kernel';
import type { GraphQLResolveInfo } from 'graphql';
import type { ConfirmedBy } from '../confirmations/confirmations.js';
import type { Understood } from '../recording/identity.js';
import { type ApiContext, sessionOf } from './api-context.js';

/** To be called when nothing else speaks against the act, and before it is done. @throws ApiError CONFIRMATION_NEEDED */
export type Confirm = () => Promise<void>;

/** Parameter of a mutation that may take the word of the caller's wallet beside their session. */
export const Confirming = createParamDecorator((by: ConfirmedBy, host: ExecutionContext): Confirm => {
  const context = GqlExecutionContext.create(host);
  const { confirm } = context.getContext<ApiContext>();
  invariant(confirm !== null, 'Nobody acts over a socket');
  const { fieldName: act } = context.getInfo<GraphQLResolveInfo>();
  const input = context.getArgs<Readonly<Record<string, Understood>>>();
  return async () => confirm(by, { act, input, caller: (await sessionOf(host)).address });
});
