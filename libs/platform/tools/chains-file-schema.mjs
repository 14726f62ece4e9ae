// Writes schemas/chains-file.schema.json from the built code.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chainsFileSchema } from '../dist/index.js';

const file = fileURLToPath(new URL('../../../schemas/chains-file.schema.json', import.meta.url));
await writeFile(file, `${JSON.stringify(chainsFileSchema(), null, 2)}\n`);
