export interface Mutant {
  readonly source: string;
  readonly description: string;
  readonly apply: (text: string) => string;
}

/** What each operator is changed to, one at a time. */
const REPLACEMENTS: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '<': ['<=', '>'],
  '>': ['>=', '<'],
  '<=': ['<'],
  '>=': ['>'],
  '==': ['!='],
  '!=': ['=='],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
};
const OPERATOR = / (\+=|-=|<=|>=|==|!=|&&|\|\||[+\-*/<>]) /g;

/** Guards, each with what it protects from; taking one out must make a test fail. */
const GUARDS: readonly (readonly [pattern: RegExp, replacement: string, protects: string])[] = [
  [/ nonReentrant\b/g, '', 'reentrancy'],
  [/ nonReentrantView\b/g, '', 'read-only reentrancy'],
  [/ whenNotPaused\b/g, '', 'use while paused'],
  [/ before\(deadline\)/g, '', 'an expired deadline'],
  [/ onlyOwner\b/g, '', 'a stranger'],
  [/^ *_requireMinimum\([^;]*;\n/gm, '', 'a price beyond the bounds'],
  [/^ *_checkMoved\([^;]*;\n/gm, '', 'tokens that move another amount'],
  [/safeTransferFrom\(/g, 'transferFrom(', 'tokens that return false'],
  [/safeTransfer\(/g, 'transfer(', 'tokens that return false'],
  [/^ *if \([^{}\n]*\) revert [^;]*;\n/gm, '', 'what it refuses'],
  [/^ *if \([^{}\n]*\) \{\n *revert [^;]*;\n *\}\n/gm, '', 'what it refuses'],
  [/ABPool\.bounded\(([^()]*)\)/g, 'uint128($1)', 'overflow of a reserve'],
];

const isCode = (line: string): boolean => !/^\s*(\/\/|import|pragma)/.test(line);

/** One mutant for every replacement of every arithmetic and comparison operator of the source. */
export function operatorMutants(source: string, text: string): Mutant[] {
  const mutants: Mutant[] = [];
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const start = offset;
    offset += line.length + 1;
    if (!isCode(line)) continue;
    for (const match of line.matchAll(OPERATOR)) {
      const operator = match[1] ?? '';
      const at = start + match.index + 1;
      for (const replacement of REPLACEMENTS[operator] ?? []) {
        mutants.push({
          source,
          description: `${source}:${index + 1} ${operator} to ${replacement} in "${line.trim()}"`,
          apply: (whole) => whole.slice(0, at) + replacement + whole.slice(at + operator.length),
        });
      }
    }
  }
  return mutants;
}

/** One mutant for every guard of the source, taken out. */
export function guardMutants(source: string, text: string): Mutant[] {
  return GUARDS.flatMap(([pattern, replacement, protects]) =>
    [...text.matchAll(pattern)].map((match) => {
      const line = text.slice(0, match.index).split('\n').length;
      const without = match[0].replace(
        new RegExp(pattern.source, pattern.flags.replace('g', '')),
        replacement,
      );
      return {
        source,
        description: `${source}:${line} without the guard against ${protects}: "${match[0].trim().split('\n')[0]}"`,
        apply: (whole: string) =>
          whole.slice(0, match.index) + without + whole.slice(match.index + match[0].length),
      };
    }),
  );
}
