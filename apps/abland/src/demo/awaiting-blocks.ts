import { CommandLate } from './follow-command.js';

/**
 * Follows a command that blocks alone bring further, and says so where it did not get there because none came.
 * @throws CommandLate, and whatever the following does
 */
export async function awaitingBlocks<Result>(
  headOf: () => Promise<number>,
  follow: () => Promise<Result>,
): Promise<Result> {
  const before = await headOf();
  try {
    return await follow();
  } catch (error) {
    if (!(error instanceof CommandLate) || (await headOf()) !== before) throw error;
    const why = `the chain made no block after ${before} meanwhile, and finality waits for blocks`;
    throw new CommandLate(`${error.message}: ${why}; --no-final ends without it`, { head: before }, error);
  }
}
