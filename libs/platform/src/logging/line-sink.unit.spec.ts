import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LineSink, type LineSinkFiles } from './line-sink.js';

/** A disk with room for so many bytes. */
function disk(room: number): LineSinkFiles & { room: number; text: string; time: number } {
  return {
    room,
    text: '',
    time: 0,
    open: () => 3,
    write(_fd, bytes) {
      if (this.room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      const part = bytes.subarray(0, this.room);
      this.room -= part.length;
      this.text += Buffer.from(part).toString();
      return part.length;
    },
    now() {
      return this.time;
    },
    wait(ms) {
      this.time += ms;
    },
  };
}

describe('the lines of a log', () => {
  it('are lost and counted while the disk is full, and go on whole when it is not', () => {
    const full = disk(9);
    const losses: unknown[] = [];
    const ends: number[] = [];
    const sink = new LineSink('/log', {
      files: full,
      onLoss: (error) => losses.push(error),
      onWritten: (lost) => ends.push(lost),
    });
    for (const line of ['"one"\n', '"two"\n', '"three"\n']) sink.write(line);
    expect(sink.lost).toBe(2);
    expect(losses).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
    expect(ends).toEqual([]);
    full.room = 10_000;
    sink.write('"four"\n');
    expect(ends).toEqual([2]);
    const lines = full.text.split('\n');
    expect(lines.slice(0, 2)).toEqual(['"one"', '"tw']);
    expect(lines[2]).toBe('{"lost":2}');
    expect(lines.slice(3)).toEqual(['"four"', '']);
    expect(sink.lost).toBe(0);
  });

  it('are given up after a second for whoever does not read them', () => {
    const stuck = disk(0);
    stuck.write = () => {
      throw Object.assign(new Error('try again'), { code: 'EAGAIN' });
    };
    const sink = new LineSink(1, { files: stuck });
    sink.write('"one"\n');
    expect(sink.lost).toBe(1);
    expect(stuck.time).toBeLessThan(2_000);
  });

  it('survive a device that is full and a folder that cannot be made', () => {
    const fd = openSync('/dev/full', 'w');
    try {
      for (const target of [fd, '/dev/null/no/such/folder/log']) {
        const sink = new LineSink(target);
        for (let line = 0; line < 3; line += 1) sink.write('"line"\n');
        expect(sink.lost).toBe(3);
      }
    } finally {
      closeSync(fd);
    }
  });

  it('are in the file once they are written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'abland-log-'));
    try {
      const path = join(folder, 'log');
      new LineSink(path).write('"one"\n');
      new LineSink(path).write('"two"\n');
      expect(readFileSync(path, 'utf8')).toBe('"one"\n"two"\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
