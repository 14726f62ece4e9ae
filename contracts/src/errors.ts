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
