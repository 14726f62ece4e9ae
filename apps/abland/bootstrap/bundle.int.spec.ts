import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { describe, expect, it } from '@jest/globals';

const bundled = (file: string): string =>
  readFileSync(new URL(`../../../dist/${file}`, import.meta.url), 'utf8');

describe('a program’s bundle', () => {
  it('tells of each of its lines where it stands in our sources, for stack traces', () => {
    const lines = bundled('abland.js').split('\n');
    const line = lines.findIndex((text) => /^addStartCommand\(program\d*, process\.env\)/.test(text));
    const map = new SourceMap(JSON.parse(bundled('abland.js.map')) as SourceMapPayload);
    expect(map.findEntry(line, 0)).toMatchObject({
      originalSource: expect.stringMatching(/apps\/abland\/src\/main\.ts$/),
    });
  });
});
