import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { livenessOf, VERSION } from './version.js';

describe('the version that programs tell', () => {
  it('is that of the repository', () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as {
      version: string;
    };
    expect(VERSION).toBe(version);
    expect(livenessOf(12.9)).toEqual({ status: 'ok', version, uptimeSeconds: 12 });
  });
});
