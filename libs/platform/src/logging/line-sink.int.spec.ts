import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const SINK = new URL('../../dist/logging/line-sink.js', import.meta.url).href;
/** Of one that waits for ever. */
const ENDED_AFTER_MS = 60_000;

describe('lines to a pipe with a name', () => {
  it('are lost and counted where nobody reads it, and keep nobody waiting', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'abland-sink-'));
    try {
      const pipe = join(folder, 'log');
      execFileSync('mkfifo', [pipe]);
      const source = `import { LineSink } from ${JSON.stringify(SINK)};
        const sink = new LineSink(${JSON.stringify(pipe)});
        sink.write('one\\n');
        process.stdout.write(String(sink.lost));`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], {
        env: { ...process.env, NODE_OPTIONS: '' },
        timeout: ENDED_AFTER_MS,
      });
      expect(stdout).toBe('1');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
