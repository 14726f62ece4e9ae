import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../../../../deploy/k8s/roll-out.sh', import.meta.url));
/** What it is given of an overlay. */
const BUILT = ['migrate', 'programs'].map(
  (step) => `labels:\n  abland/step: ${step}\nspec:\n      image: registry.example/abland:1\n`,
);
/** Writes down what it is asked, and answers as the test says. */
const KUBECTL = `#!/usr/bin/env bash
echo "$*" >>"$TOLD/asked"
case "$*" in
  *kustomize*) cat "$TOLD/built" ;;
  *apply*--filename*) cp "\${*:3:1}" "$TOLD/applied" ;;
  *'get job migrate'*) echo "$JOB" ;;
  *'logs job/migrate'*) echo "$MIGRATED" ;;
  # All of ours get a revision by the roll-out, nginx none.
  *'get deployment/nginx'*) echo 7 ;;
  *'get deployment/'*) grep -q 'step=programs' "$TOLD/asked" && echo 4 || echo 3 ;;
  *"rollout status deployment/$UNREADY"*) exit 1 ;;
esac
`;

describe('a roll-out', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'abland-roll-out-'));
    writeFileSync(join(folder, 'kubectl'), KUBECTL);
    chmodSync(join(folder, 'kubectl'), 0o755);
    writeFileSync(join(folder, 'built'), BUILT.join('---\n'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function rollOut(
    answers: Readonly<Record<'JOB' | 'MIGRATED' | 'UNREADY', string>>,
    ...args: string[]
  ) {
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
    const result = await promisify(execFile)('bash', [SCRIPT, 'an-overlay', ...args], {
      env: { ...answers, PATH, TOLD: folder, PAUSE_SECONDS: '1', MIGRATED_WITHIN_SECONDS: '2' },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
    );
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    return { ...result, asked, applied: asked.filter((line) => line.startsWith('apply')).length };
  }
  const back = (asked: readonly string[]) => asked.filter((line) => line.includes('rollout undo')).length;

  it('goes on to the programs once the migrations are done, and waits for each', async () => {
    const { applied, asked, code } = await rollOut(
      { JOB: 'SuccessCriteriaMet Complete', MIGRATED: 'nothing to apply', UNREADY: 'none' },
      'registry.example/abland:2',
    );
    expect([code, applied, back(asked)]).toEqual([0, 3, 0]);
    expect(asked.filter((line) => line.includes('rollout status'))).toHaveLength(5);
    const given = readFileSync(join(folder, 'applied'), 'utf8');
    expect(given.match(/image: \S+/g)).toEqual([
      'image: registry.example/abland:2',
      'image: registry.example/abland:2',
    ]);
  });

  it.each(['Failed', ''])(
    'leaves the programs as they were where the migrations end by "%s"',
    async (JOB) => {
      const { applied, asked, code, stdout } = await rollOut({ JOB, MIGRATED: 'refused', UNREADY: 'none' });
      expect([code, applied]).toEqual([1, 2]);
      expect(asked.some((line) => line.includes('step=programs'))).toBe(false);
      expect(stdout).toContain('refused\nroll-out: the migrations did not come to an end');
    },
  );

  it('goes back where a program does not become ready on schemas that are as they were', async () => {
    const { asked, code } = await rollOut({
      ...{ JOB: 'Complete', MIGRATED: 'nothing to apply: all schemas are up to date', UNREADY: 'projector' },
    });
    expect([code, back(asked)]).toEqual([1, 4]);
    for (const program of ['worker', 'indexer', 'projector', 'api'])
      expect(asked).toContainEqual(
        expect.stringContaining(`rollout undo deployment/${program} --to-revision=3`),
      );
    expect(asked.some((line) => line.includes('status deployment/api'))).toBe(false);
  });

  it('leaves whoever served to it where the schemas are newer', async () => {
    const { asked, code, stdout } = await rollOut({
      ...{ JOB: 'Complete', MIGRATED: '2 applied', UNREADY: 'projector' },
    });
    expect([code, back(asked)]).toEqual([1, 0]);
    expect(stdout).toContain('its older pods go on');
  });
});
