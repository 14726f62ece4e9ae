import { describe, expect, it } from '@jest/globals';
import { awaitingBlocks } from './awaiting-blocks.js';
import { CommandFailed, CommandLate } from './follow-command.js';

const heads =
  (...numbers: number[]) =>
  (): Promise<number> =>
    Promise.resolve(numbers.shift() ?? 0);

describe('a command that waits for blocks', () => {
  it('is late because none came, where none came', async () => {
    const late = awaitingBlocks(heads(7, 7), () => Promise.reject(new CommandLate('It did not get there')));
    await expect(late).rejects.toMatchObject({
      code: 'COMMAND_LATE',
      message: expect.stringContaining('the chain made no block after 7 meanwhile'),
    });
  });

  it('is as late as it is, or failed as it did, where blocks came', async () => {
    for (const error of [new CommandLate('late'), new CommandFailed('failed')])
      await expect(awaitingBlocks(heads(7, 8), () => Promise.reject(error))).rejects.toBe(error);
    await expect(awaitingBlocks(heads(7), () => Promise.resolve('final'))).resolves.toBe('final');
  });
});
