// Which folders of a package import each other in a circle. Files may be free of circles while their folders are not: then
// no folder can be understood before the others.
import { posix } from 'node:path';
import ts from 'typescript';

/** A folder's own files, as one of its parts beside its subfolders. */
export const OWN_FILES = '.';

/** Specifications and fixtures may import whatever they try: nothing but specifications imports them. */
const LEFT_OUT = /\.(spec|fixture)\.ts$/;

/**
 * Circles at every level of a package's folders: a folder's parts are its subfolders, each with all that lies in it, and its
 * own files. Types count as values do.
 * @param sources text by path (relative, with slashes) of a package's files
 * @returns circles, each `{ folder, parts, arrows }`: an arrow `{ from, to, example }` tells one import that makes it
 */
export function folderCircles(sources) {
  const levels = new Map();
  for (const [file, text] of sources) {
    if (LEFT_OUT.test(file)) continue;
    for (const imported of importsOf(file, text, sources)) addArrow(levels, file, imported);
  }
  return [...levels].flatMap(([folder, arrows]) =>
    circlesAmong(arrows).map((parts) => ({ folder, parts, arrows: arrowsAmong(arrows, parts) })),
  );
}

/** The package's own files that a file imports, be it for types alone. */
function importsOf(file, text, sources) {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts'))
    .filter((imported) => sources.has(imported) && !LEFT_OUT.test(imported));
}

/** An import counts at one level: that of the folder which holds both files, where it leads from one part to another. */
function addArrow(levels, file, imported) {
  const from = file.split('/');
  const to = imported.split('/');
  let depth = 0;
  while (depth < from.length - 1 && depth < to.length - 1 && from[depth] === to[depth]) depth += 1;
  const part = (path) => (depth === path.length - 1 ? OWN_FILES : path[depth]);
  if (part(from) === part(to)) return;
  const folder = from.slice(0, depth).join('/');
  const arrows = levels.get(folder) ?? levels.set(folder, new Map()).get(folder);
  const targets = arrows.get(part(from)) ?? arrows.set(part(from), new Map()).get(part(from));
  if (!targets.has(part(to))) targets.set(part(to), `${file} imports ${imported}`);
}

/** Parts that reach each other, in groups. */
function circlesAmong(arrows) {
  const reached = new Map([...arrows.keys()].map((part) => [part, reachableFrom(part, arrows)]));
  const groups = new Map();
  for (const [part, others] of reached) {
    const group = [...others].filter((other) => reached.get(other)?.has(part)).sort();
    if (group.length > 1) groups.set(group.join(' '), group);
  }
  return [...groups.values()];
}

function reachableFrom(part, arrows) {
  const reached = new Set();
  const waiting = [part];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const target of arrows.get(next)?.keys() ?? []) {
      if (reached.has(target)) continue;
      reached.add(target);
      waiting.push(target);
    }
  }
  return reached;
}

function arrowsAmong(arrows, parts) {
  return parts.flatMap((from) =>
    [...(arrows.get(from) ?? [])]
      .filter(([to]) => parts.includes(to))
      .map(([to, example]) => ({ from, to, example })),
  );
}
