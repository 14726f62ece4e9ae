import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { failing, INSTALL_MS, installed, installedByGo } from './installed.js';

const run = promisify(execFile);
const VALIDATOR = '1.37.0';

/** Path of kustomize, which makes of an overlay what a cluster is given. @throws with the reason why it cannot be had */
export const installKustomize = (): Promise<string> =>
  installedByGo('kustomize', '5.8.1', 'sigs.k8s.io/kustomize/kustomize/v5', 'version');

/**
 * Path of kubernetes-validate, which has the schemas of every version of Kubernetes up to its own with it.
 * @throws with the reason why it cannot be had
 */
export const installKubernetesValidate = (): Promise<string> =>
  installed(`kubernetes-validate-${VALIDATOR}`, 'kubernetes-validate', async (folder) => {
    await run('python3', ['--version']).catch(failing('there is no Python to run kubernetes-validate with'));
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
    await run('python3', [...pip, '--target', folder, `kubernetes-validate==${VALIDATOR}`], {
      timeout: INSTALL_MS,
    }).catch(failing('kubernetes-validate could not be installed'));
    // Beside its packages, wherever the folder is moved.
    const start = '#!/bin/sh\nPYTHONPATH=$(dirname "$0") exec python3 -m kubernetes_validate "$@"\n';
    await writeFile(join(folder, 'kubernetes-validate'), start, { mode: 0o755 });
  });
