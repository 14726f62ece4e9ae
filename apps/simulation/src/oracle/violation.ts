/** Something that is not as the chain has it. */
export interface Violation {
  readonly kind: string;
  readonly detail: string;
}

const SHOWN = 3;

/** Violations where two lists of lines, each line once, are not the same. */
export function differences(
  kind: string,
  wanted: readonly string[],
  found: readonly string[],
): readonly Violation[] {
  const [left, right] = [new Set(wanted), new Set(found)];
  const missing = wanted.filter((line) => !right.has(line));
  const added = found.filter((line) => !left.has(line));
  const twice = found.length - right.size;
  const shown = (lines: readonly string[]): string => lines.slice(0, SHOWN).join('; ');
  return [
    ...(missing.length === 0 ? [] : [{ kind, detail: `${missing.length} missing: ${shown(missing)}` }]),
    ...(added.length === 0 ? [] : [{ kind, detail: `${added.length} that are not there: ${shown(added)}` }]),
    ...(twice === 0 ? [] : [{ kind, detail: `${twice} are there twice` }]),
  ];
}
