// What the Solidity tests tell of their runs, as tables: from the runner's results, not from the configuration.

interface TestResult {
  readonly name: string;
  readonly status: 'Success' | 'Failure' | 'Skipped';
  readonly durationNs: bigint;
  /** Of a fuzz test it has runs, of an invariant calls as well, of a plain test neither. */
  readonly kind: { readonly runs?: bigint; readonly calls?: bigint; readonly reverts?: bigint };
}

export interface SuiteResult {
  readonly id: { readonly name: string };
  readonly testResults: readonly TestResult[];
}

interface Row extends TestResult {
  readonly suite: string;
}

const number = (value: bigint | number): string => value.toLocaleString('en');
const seconds = (nanoseconds: bigint): string => (Number(nanoseconds) / 1e9).toFixed(1);
const line = (name: string, ...cells: readonly string[]): string =>
  `${name.padEnd(66)}${cells.map((cell) => cell.padStart(12)).join('')}`;

/** Fuzz tests with their runs, invariants with runs, depth and calls, each with a line of totals. */
export function fuzzingReport(suites: readonly SuiteResult[]): readonly string[] {
  const rows = suites.flatMap(({ id, testResults }) =>
    testResults.map((result): Row => ({ ...pick(result), suite: id.name })),
  );
  const invariants = rows.filter(({ kind }) => kind.calls !== undefined);
  const fuzzed = rows.filter(({ kind }) => kind.calls === undefined && kind.runs !== undefined);
  const name = (row: Row): string => row.name.replace(/\(.*$/, '');
  return [
    line('fuzz tests', 'runs', 'seconds', ''),
    ...fuzzed.map((row) =>
      line(`  ${name(row)}`, number(row.kind.runs ?? 0n), seconds(row.durationNs), verdict(row)),
    ),
    line('  in all', number(sum(fuzzed, 'runs')), '', ''),
    line('invariants', 'runs', 'depth', 'calls', 'seconds', ''),
    ...invariants.map((row) => {
      const { runs = 0n, calls = 0n } = row.kind;
      const depth = runs === 0n ? 0n : calls / runs;
      return line(
        `  ${name(row)}`,
        number(runs),
        number(depth),
        number(calls),
        seconds(row.durationNs),
        verdict(row),
      );
    }),
    line('  in all', number(sum(invariants, 'runs')), '', number(sum(invariants, 'calls')), '', ''),
  ];
}

/** The runner's results answer through getters. */
const pick = ({ name, status, durationNs, kind }: TestResult): TestResult => ({
  name,
  status,
  durationNs,
  kind,
});

const sum = (rows: readonly Row[], figure: 'runs' | 'calls'): bigint =>
  rows.reduce((total, { kind }) => total + (kind[figure] ?? 0n), 0n);

const verdict = ({ status }: Row): string => (status === 'Success' ? 'holds' : status);
