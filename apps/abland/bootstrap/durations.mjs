// How long each part of a test run took, as a table for its end: the longest parts first.

/** Seconds of parts, in any order. `parts` of a part are told below it, at most `most` of them. */
export function durationTable(entries) {
  const lines = inOrder(entries).flatMap(({ name, seconds, parts = [], most = parts.length, note }) => [
    [name, seconds, note],
    ...inOrder(parts)
      .slice(0, most)
      .map((part) => [`  ${part.name}`, part.seconds]),
  ]);
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines
    .map(([name, seconds, note]) => {
      const line = `${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s`;
      return note === undefined ? line : `${line}  ${note}`;
    })
    .join('\n');
}

const inOrder = (entries) => entries.toSorted((a, b) => b.seconds - a.seconds);
