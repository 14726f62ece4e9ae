import { execFile, execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { LineSink } from './line-sink.js';

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

  it('wait for a reader that stands once, and not again until it reads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'abland-sink-'));
    const pipe = join(folder, 'log');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      let time = 0;
      const sink = new LineSink(writer, {
        files: {
          open: () => writer,
          write: writeSync,
          now: () => time,
          wait: (ms) => (time += ms),
        },
      });
      const line = `${'x'.repeat(999)}\n`;
      while (sink.lost === 0) sink.write(line);
      const waited = time;
      expect(waited).toBeGreaterThan(0);
      for (let more = 0; more < 10; more += 1) sink.write(line);
      expect([sink.lost, time]).toEqual([11, waited]);
      readSync(reader, Buffer.alloc(1 << 20));
      sink.write(line);
      expect(sink.lost).toBe(0);
      while (sink.lost === 0) sink.write(line);
      expect(time).toBeGreaterThan(waited);
    } finally {
      for (const end of [reader, writer]) closeSync(end);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
