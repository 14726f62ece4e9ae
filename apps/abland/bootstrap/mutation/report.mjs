// What a mutation run found, as tables, and the page that keeps the scores.
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from '../toolchain.mjs';

const PAGE = join(root, 'docs', 'mutation.md');

/** Counts of mutants by what became of them; the score in percent, null where there was nothing to find. */
export function summarize(mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = count('Killed', 'Timeout');
  const survived = count('Survived');
  const unreached = count('NoCoverage');
  const tried = killed + survived + unreached;
  return { tried, killed, survived, unreached, score: tried === 0 ? null : (100 * killed) / tried };
}

const percent = (score) => (score === null ? '-' : `${score.toFixed(1)} %`);

export function scoreTable(mutants) {
  const files = Map.groupBy(mutants, ({ fileName }) =>
    (relative(root, fileName).startsWith('..') ? fileName : relative(root, fileName)).replaceAll('\\', '/'),
  );
  const rows = [...files]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([file, its]) => [`\`${file}\``, summarize(its)]);
  return [
    '| file | changes | noticed | survived | not reached | score |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...[...rows, ['all', summarize(mutants)]].map(
      ([name, { tried, killed, survived, unreached, score }]) =>
        `| ${name} | ${tried} | ${killed} | ${survived} | ${unreached} | ${percent(score)} |`,
    ),
  ].join('\n');
}

/** What a sample's score says of all changes: two standard errors to each side. */
function spread({ tried, score }) {
  if (score === null) return 'none fell into the sample';
  const error = 2 * Math.sqrt((score * (100 - score)) / tried);
  return `the score of all of them lies within ${error.toFixed(1)} points of this one (95 %)`;
}

/** Puts a scope's scores on the page in place of its earlier ones. */
export async function keepScores(scope, what, mutants, oneIn) {
  const page = await readFile(PAGE, 'utf8');
  const sample = oneIn === 1 ? '' : ` One change in ${oneIn}; ${spread(summarize(mutants))}.`;
  const section = `<!-- ${scope} -->\n\n## ${scope}\n\n${what[0].toUpperCase()}${what.slice(1)}.${sample}\n\n${scoreTable(mutants)}\n\n<!-- end of ${scope} -->`;
  const old = new RegExp(`<!-- ${scope} -->.*<!-- end of ${scope} -->`, 's');
  await writeFile(
    PAGE,
    old.test(page) ? page.replace(old, () => section) : `${page.trimEnd()}\n\n${section}\n`,
  );
  return PAGE;
}
