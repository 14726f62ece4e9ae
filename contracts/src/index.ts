export { readArtifact, type Artifact, type ContractName } from './artifact.js';
export {
  deployContracts,
  type ContractAddresses,
  type Deployment,
  type DeploymentOptions,
} from './deployment.js';
export { DeploymentVerificationError } from './errors.js';
export { verifyDeployment, type Wiring } from './verification.js';
