/** A line of a command's answer. What went wrong is told elsewhere. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
