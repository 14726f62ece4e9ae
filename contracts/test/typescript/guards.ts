import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSources } from '../../scripts/compilation.js';
import { GuardNotFoundError, without } from '../../scripts/guards/guard.js';
import { GUARDS } from '../../scripts/guards/list.js';
import { testFiles } from '../../scripts/suite.js';

const folder = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm run guards` takes out, checked here without running it. */
describe('guards', () => {
  it('everyAttack_hasAGuardAndEveryGuardAnAttack', () => {
    const attacks = testFiles(folder)
      .filter((file) => file.startsWith('attacks'))
      .flatMap((file) => [
        ...readFileSync(join(folder, 'test/typescript', file), 'utf8').matchAll(/^ {2}it\('(\w+)'/gm),
      ])
      .map(([, name]) => name);
    expect(attacks.length).to.be.greaterThan(0);
    expect([...new Set(GUARDS.map(({ attack }) => attack))].sort()).to.deep.equal(attacks.sort());
  });

  it('everyGuard_isInTheSourceAsTheListSays', () => {
    for (const guard of GUARDS) {
      const text = readSources(folder, [guard.source]).get(guard.source) ?? '';
      expect(without(guard, text), guard.guard).to.not.equal(text);
    }
  });

  it('aGuardThatReadsOtherwise_isToldByItsAttackAndSource', () => {
    const [guard] = GUARDS;
    if (guard === undefined) throw new Error('a guard expected');
    expect(() => without(guard, 'library ABPool {}')).to.throw(GuardNotFoundError, guard.attack);
  });
});
