export { readArtifact, type Artifact, type ContractName } from './artifact.js';
export { deployContracts, type Deployment } from './deployment.js';
export { DeploymentVerificationError } from './errors.js';
export type { ContractAddresses } from './plan.js';
export type { DeploymentOptions, GovernanceSettings } from './settings.js';
