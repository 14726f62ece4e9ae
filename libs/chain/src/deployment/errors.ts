import { AblandError } from '@abland/kernel';

/** What of a deployment is told: addresses, and the first block to follow. */
export type DeploymentSetting =
  | 'tokenFactory'
  | 'liquidityManager'
  | 'router'
  | 'forwarder'
  | 'checkpoint'
  | 'governor'
  | 'timelock'
  | 'token'
  | 'startBlock';

/** The contracts that a chain is to be followed for are not there, are others, or were there before the first block to follow. */
export class DeploymentUnfitError extends AblandError {
  readonly code = 'CHAIN_DEPLOYMENT_UNFIT';
  constructor(
    readonly setting: DeploymentSetting,
    message: string,
    details: Readonly<Record<string, unknown>>,
  ) {
    super(message, { setting, ...details });
  }
}
