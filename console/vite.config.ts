import { readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * Keeps the files that browsers fetch in their compressed form alone: the server hands them on as they are, and the
 * binary carries a third of their size.
 */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async closeBundle() {
      // The folder is in the repository, empty, so that the program compiles without a build.
      await writeFile(join(here, 'dist/.gitkeep'), '')
      const folder = join(here, 'dist/assets')
      for (const name of await readdir(folder)) {
        const file = join(folder, name)
        await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level: constants.Z_BEST_COMPRESSION }))
        await unlink(file)
      }
    },
  }
}

export default defineConfig({
  base: '/assets/app/',
  plugins: [react(), compressed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    // The polyfill is an inline script, which our Content-Security-Policy refuses, and every browser in use preloads modules.
    modulePreload: { polyfill: false },
    // A file that is written into another one would be a data: address, which the policy refuses too.
    assetsInlineLimit: 0,
    rollupOptions: { input: { console: join(here, 'index.html'), centre: join(here, 'centre.html') } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  test: { environment: 'node', include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
})
