import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { exitCode } from './exit-code.mjs';

async function ended(source: string): Promise<readonly [number, readonly string[]]> {
  const child = spawn(process.execPath, ['-e', source], { env: { ...process.env, NODE_OPTIONS: '' } });
  const said: string[] = [];
  return [await exitCode(child, 'start', (text) => void said.push(text)), said];
}

describe('the end of a command', () => {
  it('is told where it was by force, so that nothing ends without a word', async () => {
    expect(await ended('process.kill(process.pid, "SIGKILL"); setInterval(() => 0, 1000)')).toEqual([
      1,
      ['start was ended by SIGKILL: somebody sent it, or memory was short'],
    ]);
  });

  it('is its own exit code where it came to that, or what a Ctrl-C is told as', async () => {
    expect(await ended('process.exit(3)')).toEqual([3, []]);
    expect(await ended('process.kill(process.pid, "SIGINT"); setInterval(() => 0, 1000)')).toEqual([130, []]);
  });
});
