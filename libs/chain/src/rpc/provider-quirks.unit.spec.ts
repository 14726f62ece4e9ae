import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../../../', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const QUIRKS = [
  ...textOf('docs/provider-quirks.md').matchAll(/^\| (\S+#\d+) .*`(\S+\.spec\.ts)` *\|$/gm),
].map(([, issue = '', test = '']) => [issue, test] as const);

describe('the list of quirks of providers', () => {
  it('has each issue once', () => {
    expect(QUIRKS.length).toBeGreaterThan(20);
    expect(new Set(QUIRKS.map(([issue]) => issue)).size).toBe(QUIRKS.length);
  });

  it.each(QUIRKS)('names a test of %s in %s', (issue, test) => {
    const names = textOf(test).match(/['`][^'`\n]*#\d+[^'`\n]*['`]/g) ?? [];
    expect(names.some((name) => new RegExp(`${issue}\\b`).test(name))).toBe(true);
  });
});
