// The import rules are worth something only while they forbid something: each of these lines must make lint fail.
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { root } from './toolchain.mjs';

const FORBIDDEN = [
  ['libs/kernel/src/probe.ts', "import '@abland/domain';", 'boundaries/dependencies'],
  ['libs/domain/src/probe.ts', "import '@abland/event-store';", 'boundaries/dependencies'],
  ['libs/domain/src/probe.ts', "import 'ethers';", 'no-restricted-imports'],
  ['libs/domain/src/probe.ts', 'export const now = Date.now();', 'no-restricted-properties'],
  ['libs/domain/src/probe.ts', 'export const now = new Date();', 'no-restricted-syntax'],
  ['libs/domain/src/probe.ts', 'export const one = await Promise.resolve(1);', 'no-restricted-syntax'],
  ['libs/chain/src/probe.ts', 'export const one = await Promise.resolve(1);', 'no-restricted-syntax'],
  ['apps/api/src/probe.ts', 'export const one = await Promise.resolve(1);', 'no-restricted-syntax'],
  ['libs/event-store/src/probe.ts', "import '@abland/domain';", 'boundaries/dependencies'],
  ['libs/event-store/src/probe.ts', "import '@abland/event-codec';", 'boundaries/dependencies'],
  ['libs/snapshots/src/probe.ts', "import '@abland/event-store';", 'boundaries/dependencies'],
  ['libs/snapshots/src/probe.ts', "import '@abland/event-codec';", 'boundaries/dependencies'],
  ['libs/personal-data/src/probe.ts', "import '@abland/event-codec';", 'boundaries/dependencies'],
  ['libs/log-tools/src/probe.ts', "import '@abland/domain';", 'boundaries/dependencies'],
  ['apps/api/src/probe.ts', "import '@abland/testing';", 'boundaries/dependencies'],
  ['libs/chain/src/probe.ts', "import '@abland/platform';", 'boundaries/dependencies'],
  ['libs/projections/src/probe.ts', "import '@abland/chain';", 'boundaries/dependencies'],
  ['libs/projections/src/probe.ts', "export const port = process.env['PORT'];", 'no-restricted-syntax'],
  ['libs/client/src/probe.ts', "import '@abland/kernel';", 'boundaries/dependencies'],
  ['apps/api/src/probe.ts', "import '@abland/projector';", 'boundaries/dependencies'],
  ['apps/web/src/probe.tsx', "import '@abland/projections';", 'boundaries/dependencies'],
];
const ALLOWED = [
  ['apps/api/src/main.ts', 'await Promise.resolve(1);'],
  ['libs/chain/src/probe.ts', 'export const one = async (two: Promise<number>) => (await two) - 1;'],
  ['libs/domain/src/probe.ts', "import '@abland/kernel';"],
  ['apps/api/src/probe.ts', "import '@abland/projections';"],
  ['apps/web/src/probe.tsx', "import '@abland/domain';"],
];

const eslint = new ESLint({ cwd: root });
const rulesBroken = async (path, text) => {
  const [result] = await eslint.lintText(`${text}\n`, {
    filePath: fileURLToPath(new URL(path, `file://${root}`)),
  });
  return result.messages.map(({ ruleId }) => ruleId);
};

let failures = 0;
const fail = (text) => {
  failures += 1;
  process.stdout.write(`${text}\n`);
};
for (const [path, text, rule] of FORBIDDEN) {
  const broken = await rulesBroken(path, text);
  if (!broken.includes(rule)) fail(`not forbidden by ${rule} in ${path}: ${text}`);
}
for (const [path, text] of ALLOWED) {
  const broken = await rulesBroken(path, text);
  if (broken.length > 0) fail(`forbidden by ${broken.join(', ')} in ${path}: ${text}`);
}
process.stdout.write(
  `${FORBIDDEN.length} forbidden and ${ALLOWED.length} allowed lines tried, ${failures} wrong\n`,
);
process.exitCode = failures === 0 ? 0 : 1;
