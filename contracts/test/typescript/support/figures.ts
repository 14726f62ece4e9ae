import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Beside what was built, so that it is nobody's to commit. */
const FOLDER = new URL('../../../cache/figures/', import.meta.url);

/** Keeps lines that a run of all tests shows again at its end. */
export function recordFigures(name: string, lines: readonly string[]): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(`${name}.txt`, FOLDER), lines.map((line) => `${line}\n`).join(''));
  for (const line of lines) process.stdout.write(`      ${line}\n`);
}

/** What was kept since `forgetFigures`, in the order of the names. */
export const recordedFigures = (): readonly string[] =>
  readdirSync(FOLDER)
    .sort()
    .map((file) => readFileSync(new URL(file, FOLDER), 'utf8'));

export function forgetFigures(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
}
