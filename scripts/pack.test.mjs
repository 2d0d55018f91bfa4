import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { packTightly } from './pack.mjs';

const text = 'Fob keeps a token alive. '.repeat(200);
const files = {
  'manifest.json': strToU8('{}'),
  'chunks/long.js': strToU8(text),
  'icon/ü.png': Uint8Array.from([137, 80, 78, 71]),
  'empty.txt': new Uint8Array(),
};

async function packed() {
  const folder = mkdtempSync(join(tmpdir(), 'fob-pack-'));
  const path = join(folder, 'fob.zip');
  try {
    writeFileSync(path, zipSync(files, { level: 1 }));
    await packTightly(path);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('holds the same files in the same order', async () => {
  expect(Object.entries(unzipSync(await packed()))).toEqual(Object.entries(files));
});

it('spends on each file its two headers and twice its name, and nothing else', async () => {
  const zip = await packed();
  const contents = { 'chunks/long.js': 0 };
  unzipSync(zip, { filter: ({ name, size }) => ((contents[name] = size), false) });
  const headers = Object.keys(files).reduce((sum, name) => sum + 30 + 46 + 2 * Buffer.byteLength(name), 22);

  expect(zip.length).toBe(headers + Object.values(contents).reduce((sum, size) => sum + size, 0));
});

it('is the same to the byte each time', async () => {
  expect(await packed()).toEqual(await packed());
});
