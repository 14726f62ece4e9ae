// Which packages one needs, as the lock file resolves them.

/** `node_modules/a/node_modules/b` asks for `c` below itself, then below `node_modules/a`, then at the root. */
function resolvedFrom(lock, from, name) {
  const above = from.split('/node_modules/');
  for (let depth = above.length; depth > 0; depth--) {
    const path = `${above.slice(0, depth).join('/node_modules/')}/node_modules/${name}`;
    if (from !== '' && lock[path] !== undefined) return path;
  }
  return lock[`node_modules/${name}`] === undefined ? null : `node_modules/${name}`;
}

/**
 * Paths of packages with all that they depend on, sorted. A name that the lock file does not know is of a package that is used only
 * where it is installed.
 * @param lock `packages` of a package-lock.json
 */
export function closureOf(lock, names) {
  const found = new Set();
  const queue = names.map((name) => resolvedFrom(lock, '', name));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (path === null || found.has(path)) continue;
    found.add(path);
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = lock[path];
    const peers = Object.keys(peerDependencies).filter(
      (name) => peerDependenciesMeta[name]?.optional !== true,
    );
    for (const name of [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers])
      queue.push(resolvedFrom(lock, path, name));
  }
  return [...found].sort();
}
