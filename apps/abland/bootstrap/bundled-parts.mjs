// What each bundled program is made of, as esbuild tells it.
import { basename } from 'node:path';
import { builtinModules } from 'node:module';

const NODE_BRINGS = new Set(builtinModules);
const isOfNode = (path) => path.startsWith('node:') || NODE_BRINGS.has(path);

/** `node_modules/a/node_modules/@b/c/d.js` → `node_modules/a/node_modules/@b/c`; null for a file of ours. */
function packageOf(path) {
  const at = path.lastIndexOf('node_modules/');
  if (at === -1) return null;
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(path.slice(at + 'node_modules/'.length))[0];
  return `${path.slice(path.indexOf('node_modules/'), at)}node_modules/${name}`;
}

/** `@b/c/d` → `@b/c` */
const packageName = (path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)[0];

/** Names of a program's file and of all that it loads, at once or late. */
function filesOf(program, outputs) {
  const found = new Set();
  const queue = [`${program}.js`];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const { external, path } of outputs.get(next).imports) if (!external) queue.push(basename(path));
  }
  return [...found].sort();
}

/**
 * By program: `files` in dist/, `packages` that are in those (as the lock file names them), and `loads`: names of packages that are not,
 * and that it asks for while it runs.
 * @param metafile esbuild's, of which every output is in one folder
 */
export function partsOfPrograms({ outputs: written }, programs) {
  const outputs = new Map(Object.entries(written).map(([path, output]) => [basename(path), output]));
  const sorted = (values) => [...new Set(values)].sort();
  return Object.fromEntries(
    programs.toSorted().map((program) => {
      const files = filesOf(program, outputs);
      const parts = files.map((file) => outputs.get(file));
      const inputs = parts.flatMap((output) =>
        Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) =>
          bytesInOutput > 0 ? [path] : [],
        ),
      );
      const loads = parts.flatMap(({ imports }) =>
        imports.flatMap(({ external, path }) => (external && !isOfNode(path) ? [packageName(path)] : [])),
      );
      return [
        program,
        {
          files,
          packages: sorted(inputs.map(packageOf).filter((path) => path !== null)),
          loads: sorted(loads),
        },
      ];
    }),
  );
}
