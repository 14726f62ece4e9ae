export { readArtifact, type Artifact, type ContractName } from './artifact.js';
export { deployContracts, type Deployment } from './deployment.js';
export {
  estimateGas,
  planDeployment,
  type DeploymentPlan,
  type GasEstimate,
  type PlannedContract,
} from './deployment-plan.js';
export {
  continuedPlan,
  deploymentRecord,
  formatRecord,
  parseRecord,
  recordedPlan,
  recordedTransactions,
  type DeploymentRecord,
} from './deployment-record.js';
export { DeploymentPlanError, DeploymentVerificationError, NetworkMismatchError } from './errors.js';
export {
  executePlan,
  verifyPlan,
  type DeployedContract,
  type ExecutionOptions,
} from './network-deployment.js';
export { deploymentOptions, networkOf, NETWORKS, requireChain } from './networks/deployment-options.js';
export { EMBEDDED } from './networks/embedded.js';
export type { NetworkDefinition, Role } from './networks/network.js';
export type { ContractAddresses } from './plan.js';
export type { DeploymentOptions, GovernanceSettings } from './settings.js';
export { standardInput, type StandardInput } from './standard-input.js';
