/** Hashes of migrations by `<schema>/<name>`. */
export type MigrationHashes = Readonly<Record<string, string>>;

/**
 * What is wrong with the migrations of this version: a released one that is gone or changed would be refused by every database
 * that has it, a new one before a released one too.
 */
export function problemsOfMigrations(released: MigrationHashes, current: MigrationHashes): readonly string[] {
  return [
    ...Object.entries(released).flatMap(([name, hash]) => problemOf(name, hash, current[name])),
    ...Object.keys(current).flatMap((name) => {
      const schema = schemaOf(name);
      const later = Object.keys(released).find((other) => schemaOf(other) === schema && other > name);
      if (released[name] !== undefined || later === undefined) return [];
      return [`${name} is new and comes before ${later}, which is released: number it after that`];
    }),
  ];
}

function problemOf(name: string, released: string, current: string | undefined): readonly string[] {
  if (current === released) return [];
  return current === undefined
    ? [`${name} is released and gone: databases that have it would be refused; put it back`]
    : [
        `${name} is released and was changed (${released.slice(0, 12)} is ${current.slice(0, 12)} now): put it back as it was, and write what is to change as a new migration`,
      ];
}

const schemaOf = (name: string): string => name.slice(0, name.indexOf('/'));

/** With everything there is released. @throws RangeError where something is wrong with it */
export function releaseMigrations(released: MigrationHashes, current: MigrationHashes): MigrationHashes {
  const [problem] = problemsOfMigrations(released, current);
  if (problem !== undefined) throw new RangeError(problem);
  const names = Object.keys(current).sort();
  return Object.fromEntries(names.map((name) => [name, current[name] ?? '']));
}
