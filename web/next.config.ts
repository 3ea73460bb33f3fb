import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const repoRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const config: NextConfig = {
  // The gateway serves the files of out/ on its own origin: no second server process.
  output: 'export',
  trailingSlash: true,
  outputFileTracingRoot: repoRoot,
  turbopack: { root: repoRoot },
  images: { unoptimized: true },
};

export default config;
