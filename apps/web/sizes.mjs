// How much compressed script a first visit of each page fetches, as the build noted it; fails where a page has more than it may.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Bytes, of everything that a page needs before it is whole. */
export const FIRST_PAGE_BYTES_MAX = 200_000;
const FRAME = 'index.html';
const file = fileURLToPath(new URL('dist/sizes.json', import.meta.url));

/** @returns {readonly { page: string, bytes: number }[] | null} the largest first; null where the app is not built */
export function pageSizes() {
  if (!existsSync(file)) return null;
  const { chunks, routes } = JSON.parse(readFileSync(file, 'utf8'));
  const frame = routes[FRAME] ?? [];
  return Object.entries(routes)
    .filter(([name]) => /Page\.tsx$/.test(name))
    .map(([name, files]) => ({
      page: name.replace(/^src\/|\.tsx$/g, ''),
      bytes: [...new Set([...frame, ...files])].reduce((sum, one) => sum + (chunks[one] ?? 0), 0),
    }))
    .sort((one, other) => other.bytes - one.bytes);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = pageSizes() ?? [];
  for (const { bytes, page } of sizes)
    process.stdout.write(`${(bytes / 1_000).toFixed(1).padStart(7)} kB  ${page}\n`);
  const large = sizes.filter(({ bytes }) => bytes > FIRST_PAGE_BYTES_MAX);
  if (sizes.length === 0 || large.length > 0) {
    process.stderr.write(
      sizes.length === 0
        ? 'The web app is not built: run npm run build\n'
        : `More than ${FIRST_PAGE_BYTES_MAX / 1_000} kB: ${large.map(({ page }) => page).join(', ')}\n`,
    );
    process.exitCode = 1;
  }
}
