import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// `vite --config web/vite.config.ts` beside a running server: the page comes from here, the calls go there.
const server = process.env.POSTHORN_DEV_SERVER ?? 'http://localhost:8025'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // Small icons and the mark come with the style sheet; nothing is fetched from elsewhere.
    assetsInlineLimit: 2048,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 460,
    rolldownOptions: {
      output: {
        // What every screen needs in one piece: it changes less often than the app, and small pieces compress badly.
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|use-sync-external-store)\//,
            },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { '/api': { target: server } } },
})
