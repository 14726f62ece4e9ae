import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { EQUIVALENT } from '../../scripts/mutation/equivalent.js';
import { MUTATED, SCORE_MIN, codeHash, readResult, withoutMetadata } from '../../scripts/mutation/result.js';

const folder = fileURLToPath(new URL('../..', import.meta.url));

/** The score is measured by `npm run mutation`, which takes long; here only that it was, and on this code. */
describe('mutation score', () => {
  it('theScore_wasMeasuredOnTheCodeThatIsDeployed', () => {
    expect(codeHash(folder), 'the pools changed since: run "npm run mutation -w contracts"').to.equal(
      readResult(folder).code,
    );
  });

  it('theScore_isAtLeastNineTenthsOfEverySource', () => {
    const { sources, killed, mutants, survived } = readResult(folder);
    expect(Object.keys(sources)).to.deep.equal(MUTATED);
    for (const [source, score] of Object.entries(sources)) {
      expect(score.killed / score.mutants, source).to.be.at.least(SCORE_MIN);
    }
    expect(killed + survived.length).to.equal(mutants);
  });

  it('everyChangeThatDoesNotCount_isReviewedOrTheSameCode', () => {
    const reviewed = Object.entries(readResult(folder).equivalent).filter(
      ([, reason]) => reason !== 'The compiler makes the same code of it.',
    );
    expect(Object.fromEntries(reviewed)).to.deep.equal(EQUIVALENT);
  });

  it('metadata_doNotCount', () => {
    // Two bytes of metadata, and their length in the last two.
    expect(withoutMetadata('0x60016002a1640002')).to.equal('0x60016002');
  });
});
