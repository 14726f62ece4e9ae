import { ConfigError } from './config-error.js';
import { type Environment, read, type Value } from './variables.js';

/** Operators' acts that a second one has to approve. */
export type ApprovalName = NonNullable<Value<'OPERATIONS_NEED_APPROVAL'>>[number];

/** @throws ConfigError */
export const approvals = (env: Environment): readonly ApprovalName[] =>
  read(env, 'OPERATIONS_NEED_APPROVAL') ?? [];

/**
 * Whether what a changed definition begins is promoted once it is level, without an operator: where promoting takes two of them, only
 * they do it.
 * @throws ConfigError where it is said to be done without and with two
 */
export function promotesItself(env: Environment): boolean {
  const isAuto = read(env, 'PROJECTIONS_PROMOTE') === 'auto';
  if (!isAuto || !approvals(env).includes('promote')) return isAuto;
  if (env['PROJECTIONS_PROMOTE'] === 'auto')
    throw new ConfigError(
      'PROJECTIONS_PROMOTE',
      'is auto, while OPERATIONS_NEED_APPROVAL wants two operators for it',
    );
  return false;
}
