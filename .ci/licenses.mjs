import { readdir, readFile } from 'node:fs/promises';

/** The licence texts of the packages whose code esbuild put into the bundle. */
export async function licensesOf(metafile) {
  const folders = [...new Set(Object.values(metafile.outputs).flatMap(bundledPackages))].toSorted();
  const texts = await Promise.all(folders.map(notice));
  return `The program in this folder contains code of these packages.\n\n${texts.join('\n')}`;
}

/** Only what survived tree shaking counts. */
function bundledPackages({ inputs }) {
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return used.flatMap(([path]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  const body = texts.length === 0 ? `(the package carries no licence file; its licence is ${license})` : texts.join('\n');
  return `${'-'.repeat(72)}\n${name} ${version} (${license})\n\n${body.trim()}\n`;
}
