// What an image is made of, in CycloneDX, as npm tells it of the lock file; equal for equal sources.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

const nameIn = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** A UUID that is of the content: who makes the same gets the same. */
function serialNumber(content) {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = ((parseInt(hex[16], 16) & 3) | 8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * `npm sbom`, of the packages that are held; its time is that of SOURCE_DATE_EPOCH.
 * @param lock `packages` of a package-lock.json
 * @param held paths of packages in it
 */
export function billOfMaterials(root, lock, held) {
  const told = JSON.parse(
    execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    }),
  );
  const wanted = new Set(held.map((path) => `${nameIn(path)}@${lock[path].version}`));
  const titleOf = ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`;
  const components = told.components.filter((component) => wanted.has(titleOf(component)));
  const missing = [...wanted].filter(
    (title) => !components.some((component) => titleOf(component) === title),
  );
  if (missing.length > 0) throw new Error(`npm sbom tells nothing of ${missing.join(', ')}`);
  const refs = new Set([
    told.metadata.component['bom-ref'],
    ...components.map((component) => component['bom-ref']),
  ]);
  const dependencies = told.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  const timestamp = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString();
  const bill = { ...told, metadata: { ...told.metadata, timestamp }, components, dependencies };
  delete bill.serialNumber;
  return `${JSON.stringify({ ...bill, serialNumber: serialNumber(JSON.stringify(bill)) }, null, 1)}\n`;
}
