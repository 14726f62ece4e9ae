/** EIP-1474 leaves it to nodes; all say 3. */
export const EXECUTION_REVERTED = 3;

/** Whether an error of a node is what a contract says: the same of every node, whatever the code that it comes with. */
export const isRevert = (rpcCode: number, message: string): boolean =>
  rpcCode === EXECUTION_REVERTED || /revert/i.test(message);
