// What the web app asks, a text for each operation of src/**/*.graphql with the fragments that it takes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kind, parse, print, visit } from 'graphql';

const sources = fileURLToPath(new URL('src/', import.meta.url));

/** @returns {readonly string[]} */
export function documentsOfWeb() {
  const definitions = readdirSync(sources, { recursive: true })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .flatMap((name) => parse(readFileSync(join(sources, name), 'utf8')).definitions);
  const fragments = new Map(
    definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]),
  );
  return definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((operation) => [operation, ...taken(operation, fragments)].map(print).join('\n\n'));
}

/** Each fragment once, also what is taken by way of another. */
function taken(operation, fragments) {
  const found = new Map();
  const follow = (node) =>
    visit(node, {
      FragmentSpread({ name: { value } }) {
        if (found.has(value)) return;
        found.set(value, fragments.get(value));
        follow(fragments.get(value));
      },
    });
  follow(operation);
  return found.values();
}
