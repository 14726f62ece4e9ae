import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installActionlint } from '@abland/testing/actionlint';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const FOLDER = '.github/workflows';
const files = readdirSync(`${root}${FOLDER}`);

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly 'timeout-minutes'?: number;
        readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
      }
    >
  >;
}

describe('the workflows of CI', () => {
  it('are what GitHub runs', async () => {
    const actionlint = await installActionlint();
    expect(
      execFileSync(
        actionlint,
        files.map((file) => `${FOLDER}/${file}`),
        { cwd: root, encoding: 'utf8' },
      ),
    ).toBe('');
  });

  it.each(files)(
    'have, in %s, no more rights than they need, an end, and steps that run here as well',
    (file) => {
      const { jobs, permissions } = parse(readFileSync(`${root}${FOLDER}/${file}`, 'utf8')) as Workflow;
      expect(permissions).toEqual({ contents: 'read' });
      for (const [name, job] of Object.entries(jobs)) {
        expect([name, job['timeout-minutes']]).toEqual([name, expect.any(Number)]);
        for (const { run = '', uses = '' } of job.steps) {
          if (uses !== '') expect(uses).toMatch(/@v\d/);
          const [, script] = /^bash (\S+)/.exec(run) ?? [];
          if (script !== undefined) expect([script, existsSync(`${root}${script}`)]).toEqual([script, true]);
        }
      }
    },
  );
});
