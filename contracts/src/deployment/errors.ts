/** What was deployed is not what was meant to be: never go on with these addresses. */
export class DeploymentVerificationError extends Error {
  readonly code = 'DEPLOYMENT_VERIFICATION';
  readonly retryable = false;

  constructor(
    /** What differs, each as "contract.property: expected …, found …". */
    readonly differences: readonly string[],
  ) {
    super(`The deployment is not as it should be: ${differences.join('; ')}`);
    this.name = 'DeploymentVerificationError';
  }
}

/** The node, the network's name or the environment does not fit: nothing was sent. */
export class NetworkMismatchError extends Error {
  readonly code = 'DEPLOYMENT_NETWORK';
  readonly retryable = false;

  constructor(message: string) {
    super(message);
    this.name = 'NetworkMismatchError';
  }
}

/** A deployment that was begun cannot be gone on with as it was planned: nothing more was sent. */
export class DeploymentPlanError extends Error {
  readonly code = 'DEPLOYMENT_PLAN';
  readonly retryable = false;

  constructor(message: string) {
    super(message);
    this.name = 'DeploymentPlanError';
  }
}
