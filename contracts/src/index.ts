export { readArtifact, type Artifact, type ContractName } from './compiled/artifact.js';
export { deployContracts, type Deployment } from './deployment/deployment.js';
export {
  estimateGas,
  planDeployment,
  type DeploymentPlan,
  type GasEstimate,
  type PlannedContract,
} from './deployment/deployment-plan.js';
export {
  continuedPlan,
  deploymentRecord,
  formatRecord,
  parseRecord,
  recordedPlan,
  recordedTransactions,
  type DeploymentRecord,
} from './deployment/deployment-record.js';
export {
  DeploymentPlanError,
  DeploymentVerificationError,
  NetworkMismatchError,
} from './deployment/errors.js';
export {
  executePlan,
  verifyPlan,
  type DeployedContract,
  type ExecutionOptions,
} from './deployment/network-deployment.js';
export { deploymentOptions, networkOf, NETWORKS, requireChain } from './networks/deployment-options.js';
export { EMBEDDED } from './networks/embedded.js';
export { requireBlockTimes, requireOpcodes } from './deployment/network-trial.js';
export type { NetworkDefinition, Role } from './networks/network.js';
export type { ContractAddresses } from './deployment/plan.js';
export type { DeploymentOptions, GovernanceSettings, LogSigner } from './deployment/settings.js';
export { standardInput, type StandardInput } from './compiled/standard-input.js';
